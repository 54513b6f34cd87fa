import { jsx as _jsx } from "preact/jsx-runtime";
/** What the contract lets `body.html` hold (API.md, part 2). Whatever else came would be drawn as its text. */
const ELEMENTS = ['P', 'BR', 'EM', 'STRONG', 'CODE', 'PRE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'A'];
const { trustedTypes } = globalThis;
/** The one way from text to markup that the page's policy allows: into a document that never runs anything. */
const policy = trustedTypes?.createPolicy('gatehouse-rendered', { createHTML: (text) => text });
function webAddress(link) {
    const href = link.getAttribute('href') ?? '';
    return /^https?:\/\//i.test(href) ? href : undefined;
}
function draw(node, key) {
    if (!(node instanceof Element))
        return node.nodeType === Node.TEXT_NODE ? node.textContent : null;
    const children = [...node.childNodes].map(draw);
    if (!ELEMENTS.includes(node.tagName))
        return children;
    const Name = node.tagName.toLowerCase();
    if (Name === 'br')
        return _jsx("br", {}, key);
    if (Name === 'a') {
        return (_jsx("a", { href: webAddress(node), rel: "nofollow ugc noopener noreferrer", target: "_blank", children: children }, key));
    }
    return (_jsx(Name, { dir: node.hasAttribute('dir') ? 'auto' : undefined, children: children }, key));
}
/** A comment as readers see it: `body.html` built anew from the few elements it may hold. */
export function Rendered({ html }) {
    const parsed = new DOMParser().parseFromString(policy?.createHTML(html) ?? html, 'text/html');
    return _jsx("div", { class: "rendered", children: [...parsed.body.childNodes].map(draw) });
}
