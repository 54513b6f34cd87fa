import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useEffect } from 'preact/hooks';
import { MePage } from './account/me-page.tsx';
import { SignInAgain, SignInPage } from './account/sign-in.tsx';
import { FirstSite } from './admin/first-site.tsx';
import { SitesPage } from './admin/sites-page.tsx';
import { StaffPage } from './admin/staff-page.tsx';
import { TokensPage } from './admin/tokens-page.tsx';
import { liveState } from './api/live.ts';
import { AuthorsPage } from './authors/authors-page.tsx';
import { DetailPage } from './comment/detail-page.tsx';
import { counts } from './counts.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { listenToKeys } from './queue/keys.ts';
import { QueuePage } from './queue/queue-page.tsx';
import { AuditPage } from './reports/audit-page.tsx';
import { StatsPage } from './reports/stats-page.tsx';
import { hrefOf, place } from './router.ts';
import { isAdmin, me, session, signOut } from './session.ts';
import { loadSites, sites } from './sites.ts';
import { complain } from './ui/notices.ts';
import { Button, Notices } from './ui/parts.tsx';
import { formatNumber, t } from './words/index.ts';
/** What stands behind the first part of the address; whoever may not see it does not find it. */
const ROOMS = {
    queue: { page: QueuePage, nav: 'nav.queue' },
    comments: { page: DetailPage },
    authors: { page: AuthorsPage, nav: 'nav.authors' },
    audit: { page: AuditPage, nav: 'nav.audit' },
    stats: { page: StatsPage, nav: 'nav.stats' },
    sites: { page: SitesPage, nav: 'nav.sites', admin: true },
    staff: { page: StaffPage, nav: 'nav.staff', admin: true },
    tokens: { page: TokensPage, nav: 'nav.tokens', admin: true },
    me: { page: MePage },
};
function LiveMark() {
    const { value: state } = liveState;
    return (_jsx("span", { class: `live live-${state}`, role: "status", children: t(`live.${state}`) }));
}
function Bar() {
    const [here = ''] = place.value.path;
    const rooms = Object.entries(ROOMS).filter(([, { nav, admin }]) => nav && (!admin || isAdmin()));
    const pending = counts.value?.pending;
    return (_jsxs("header", { class: "bar", children: [_jsx("a", { class: "brand", href: hrefOf(['queue']), children: "Gatehouse" }), _jsx("nav", { "aria-label": t('nav'), children: rooms.map(([path, { nav }]) => (_jsxs("a", { href: hrefOf([path]), "aria-current": here === path ? 'page' : undefined, children: [t(nav ?? 'nav.queue'), path === 'queue' && pending !== undefined && _jsx("span", { class: "count", children: formatNumber(pending) })] }, path))) }), _jsxs("div", { class: "bar-end", children: [here === 'queue' && _jsx(LiveMark, {}), _jsx("a", { href: hrefOf(['me']), "aria-current": here === 'me' ? 'page' : undefined, children: _jsx("bdi", { children: me().name }) }), _jsx(Button, { onClick: () => void signOut().catch(complain), children: t('signOut') })] })] }));
}
function Room() {
    const [here = ''] = place.value.path;
    const room = ROOMS[here];
    if (!room || (room.admin && !isAdmin())) {
        return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('nowhere') }), _jsx("p", { children: _jsx("a", { href: hrefOf(['queue']), children: t('nowhere.queue') }) })] }));
    }
    const { page: Page } = room;
    return _jsx(Page, {});
}
function Desk() {
    useEffect(() => {
        void loadSites();
        return listenToKeys(() => place.peek().path[0] === 'queue');
    }, []);
    useEffect(() => {
        const [here = ''] = place.value.path;
        document.title = `${t(ROOMS[here]?.nav ?? 'nav.queue')} · Gatehouse`;
    });
    return (_jsxs(_Fragment, { children: [_jsxs("div", { class: "desk", inert: session.value.state === 'expired', children: [_jsx(Bar, {}), sites.value?.length === 0 && isAdmin() && place.value.path[0] === 'queue' ? _jsx(FirstSite, {}) : _jsx(Room, {}), _jsx(KeysDialog, {})] }), _jsx(SignInAgain, {})] }));
}
export function App() {
    const { state } = session.value;
    return (_jsxs(_Fragment, { children: [state === 'loading' && _jsx("main", { class: "alone", "aria-busy": "true" }), state === 'out' && _jsx(SignInPage, {}), (state === 'in' || state === 'expired') && _jsx(Desk, {}), _jsx(Notices, {})] }));
}
