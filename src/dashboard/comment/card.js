import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { hrefOf } from '../router.ts';
import { siteName } from '../sites.ts';
import { Marked } from '../text/marked.tsx';
import { Age, Badge, StandingBadge } from '../ui/parts.tsx';
import { formatNumber, formatShare, t, tCount } from '../words/index.ts';
import { objections, outcomeName, phaseName, weighs, why } from './reasons.ts';
const isWeb = (url) => url !== null && /^https?:\/\//i.test(url);
/** A link to elsewhere that comes from outside: only to the web, and it tells nobody where it stood. */
export function Elsewhere({ url, text }) {
    if (!isWeb(url))
        return _jsx("bdi", { children: text ?? url ?? '' });
    return (_jsx("a", { href: url, target: "_blank", rel: "nofollow ugc noopener noreferrer", children: _jsx("bdi", { children: text ?? url }) }));
}
export function AuthorLine({ comment }) {
    const { author, emailMasked, site, screening } = comment;
    if (!author)
        return _jsx("p", { class: "author-line", children: t('nobody') });
    const name = author.name === null ? t('nobody') : _jsx(Marked, { text: author.name, screening: screening, field: "name" });
    return (_jsxs("div", { class: "author-line", children: [_jsx("strong", { children: author.key === null ? (_jsx("bdi", { children: name })) : (_jsx("a", { href: hrefOf(['authors', author.key], { site }), children: _jsx("bdi", { children: name }) })) }), author.moderator ? (_jsx("span", { class: "badge", children: t('author.moderator') })) : (_jsx(StandingBadge, { standing: author.standing })), author.key !== null && (_jsx("span", { class: "soft", children: t('author.record', { approved: author.approved, rejected: author.rejected, spam: author.spam }) })), emailMasked !== null && _jsx("bdi", { class: "soft", children: emailMasked }), author.url !== null && _jsx(Elsewhere, { url: author.url })] }));
}
function Reason({ outcome }) {
    return (_jsxs("li", { class: `reason reason-${outcome.outcome}`, children: [_jsx("span", { class: "reason-outcome", children: outcomeName(outcome.outcome) }), ' ', _jsx("strong", { children: phaseName(outcome.phase) }), why(outcome) !== '' && _jsxs("span", { children: [" \u2014 ", why(outcome)] })] }));
}
/** Every phase's word on a comment: what weighed first, what passed behind a fold. */
export function Reasons({ screening }) {
    const against = objections(screening);
    const rest = screening.filter((outcome) => !weighs(outcome));
    return (_jsxs("section", { class: "reasons", "aria-label": t('why.title'), children: [_jsx("h3", { children: t('why.title') }), against.length === 0 ? _jsx("p", { class: "soft", children: t('why.nothing') }) : null, _jsx("ul", { children: against.map((outcome) => (_jsx(Reason, { outcome: outcome }, outcome.phase))) }), rest.length > 0 && (_jsxs("details", { children: [_jsx("summary", { children: tCount('why.passed', rest.length) }), _jsx("ul", { children: rest.map((outcome) => (_jsx(Reason, { outcome: outcome }, outcome.phase))) })] }))] }));
}
/** The parent of a comment, once it has been fetched; nothing is asked for comments without one. */
function useParent({ id, parentId, version }) {
    const [parent, setParent] = useState(null);
    useEffect(() => {
        if (parentId === null)
            return undefined;
        const leaving = new AbortController();
        api(`moderation/comments/${id}`, { signal: leaving.signal }).then((detail) => setParent({ of: id, comment: detail.parent }), 
        // Left already, or gone: the comment stands without its parent then.
        () => undefined);
        return () => leaving.abort();
    }, [id, parentId, version]);
    return parent?.of === id ? parent.comment : null;
}
export function ParentQuote({ parent }) {
    return (_jsxs("blockquote", { class: "parent", dir: "auto", children: [_jsx("p", { class: "soft", children: t('answers', { name: parent.author?.name ?? t('nobody') }) }), _jsx("p", { class: "text", children: parent.body?.text ?? t('erased') })] }));
}
function Reports({ reports }) {
    if (reports.length === 0)
        return null;
    return (_jsxs("section", { class: "reports", "aria-label": t('reports.title'), children: [_jsx("h3", { children: tCount('reports.count', reports.length) }), _jsx("ul", { children: reports.map(({ reason, note, at }, index) => (_jsxs("li", { children: [_jsx("strong", { children: t(`report.${reason}`) }), " ", _jsx(Age, { at: at }), note !== null && (_jsx("p", { class: "text", dir: "auto", children: note }))] }, `${index}`))) })] }));
}
function Where({ comment: { page, site, createdAt, editedAt, url, id, risk }, }) {
    return (_jsxs("p", { class: "where", children: [_jsx("span", { children: siteName(site) }), _jsx(Elsewhere, { url: url ?? page.url, text: page.title ?? page.url ?? page.id ?? '' }), _jsx("a", { href: hrefOf(['comments', id]), children: _jsx(Age, { at: createdAt }) }), editedAt !== null && _jsx("span", { children: t('edited') }), risk > 0 && _jsx("span", { children: t('risk', { share: formatShare(risk) }) })] }));
}
/** One comment with all that is needed to decide: its text as it was written, who, where, and why it is here. */
export function CommentCard({ comment, parent: given, }) {
    const fetched = useParent(given === undefined ? comment : { ...comment, parentId: null });
    const parent = given ?? fetched;
    const { body, status, pinned, screening, reports, similar } = comment;
    return (_jsxs("article", { class: "card", "aria-label": t('comment.of', { name: comment.author?.name ?? t('nobody') }), children: [_jsxs("header", { children: [_jsx(Badge, { status: status }), pinned && _jsx("span", { class: "badge", children: t('pinned') }), similar > 0 && _jsx("span", { class: "badge", children: t('similar', { count: formatNumber(similar) }) }), _jsx(Where, { comment: comment })] }), parent && _jsx(ParentQuote, { parent: parent }), _jsx(AuthorLine, { comment: comment }), _jsx("div", { class: "text body", dir: "auto", children: body === null ? t('erased') : _jsx(Marked, { text: body.text, screening: screening, field: "body" }) }), _jsx(Reports, { reports: reports }), _jsx(Reasons, { screening: screening })] }));
}
