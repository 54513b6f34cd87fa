import { hrefOf } from '../router.ts';
export const TABS = ['pending', 'reported', 'spam', 'approved', 'rejected', 'trash', 'all'];
const NAMES = ['site', 'q', 'author', 'page', 'phase', 'reason', 'since', 'until', 'sort', 'view'];
const isTab = (text) => TABS.some((tab) => tab === text);
export function readFilter(query) {
    const status = query.get('status');
    const rest = Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? '']));
    return { ...rest, status: isTab(status) ? status : 'pending' };
}
export const queryOf = ({ status, ...rest }) => ({
    ...(status !== 'pending' && { status }),
    ...rest,
});
export const hrefOfFilter = (filter) => hrefOf(['queue'], queryOf(filter));
/** A day of a date field as the moment that the contract wants; `until` takes the whole day in. */
const momentOf = (day, time) => {
    const moment = new Date(`${day}T${time}`);
    return day === '' || Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
};
/** What to ask the service for. */
export function callOf({ view: _, since, until, ...filter }) {
    return { ...filter, since: momentOf(since, '00:00:00'), until: momentOf(until, '23:59:59.999') };
}
/** Whether a comment of that status still belongs to what is shown; what else narrows does not change. */
export function fits({ status }, comment) {
    if (status === 'all')
        return true;
    if (status === 'reported')
        return comment.status === 'approved' && (comment.reports?.length ?? 0) > 0;
    return comment.status === status;
}
/** Whether a new comment can be told to belong without asking: only the simple filters are ours to judge. */
export function fitsNew(filter, comment) {
    const { site, q, author, page, phase, reason, since, until, view } = filter;
    if (q || page || phase || reason || since || until || view)
        return false;
    return ((site === '' || site === comment.site) &&
        (author === '' || author === comment.author?.key) &&
        fits(filter, comment));
}
