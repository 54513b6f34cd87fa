import type { ComponentChildren } from 'preact';

/** What the contract lets `body.html` hold (API.md, part 2). Whatever else came would be drawn as its text. */
const ELEMENTS = ['P', 'BR', 'EM', 'STRONG', 'CODE', 'PRE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'A'] as const;
type Allowed = 'p' | 'br' | 'em' | 'strong' | 'code' | 'pre' | 'blockquote' | 'ul' | 'ol' | 'li' | 'a';

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML: (text: string) => string },
  ): {
    createHTML: (text: string) => string;
  };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
/** The one way from text to markup that the page's policy allows: into a document that never runs anything. */
const policy = trustedTypes?.createPolicy('gatehouse-rendered', { createHTML: (text) => text });

function webAddress(link: Element): string | undefined {
  const href = link.getAttribute('href') ?? '';
  return /^https?:\/\//i.test(href) ? href : undefined;
}

function draw(node: Node, key: number): ComponentChildren {
  if (!(node instanceof Element)) return node.nodeType === Node.TEXT_NODE ? node.textContent : null;
  const children = [...node.childNodes].map(draw);
  if (!(ELEMENTS as readonly string[]).includes(node.tagName)) return children;
  const Name = node.tagName.toLowerCase() as Allowed;
  if (Name === 'br') return <br key={key} />;
  if (Name === 'a') {
    return (
      <a key={key} href={webAddress(node)} rel="nofollow ugc noopener noreferrer" target="_blank">
        {children}
      </a>
    );
  }
  return (
    <Name key={key} dir={node.hasAttribute('dir') ? 'auto' : undefined}>
      {children}
    </Name>
  );
}

/** A comment as readers see it: `body.html` built anew from the few elements it may hold. */
export function Rendered({ html }: { html: string }) {
  const parsed = new DOMParser().parseFromString(policy?.createHTML(html) ?? html, 'text/html');
  return <div class="rendered">{[...parsed.body.childNodes].map(draw)}</div>;
}
