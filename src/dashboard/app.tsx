import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { MePage } from './account/me-page.tsx';
import { SignInAgain, SignInPage } from './account/sign-in.tsx';
import { FiltersPage } from './admin/filters-page.tsx';
import { FirstSite } from './admin/first-site.tsx';
import { PrivacyPage } from './admin/privacy-page.tsx';
import { SitesPage } from './admin/sites-page.tsx';
import { StaffPage } from './admin/staff-page.tsx';
import { TokensPage } from './admin/tokens-page.tsx';
import { WebhooksPage } from './admin/webhooks-page.tsx';
import { liveState } from './api/live.ts';
import { AuthorsPage } from './authors/authors-page.tsx';
import { DetailPage } from './comment/detail-page.tsx';
import { counts, refreshCounts } from './counts.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { listenToKeys } from './queue/keys.ts';
import { QueuePage } from './queue/queue-page.tsx';
import { AuditPage } from './reports/audit-page.tsx';
import { StatsPage } from './reports/stats-page.tsx';
import { hrefOf, leaveBy, place } from './router.ts';
import { isAdmin, me, session, signOut } from './session.ts';
import { loadSites, sites } from './sites.ts';
import { keepFocus } from './ui/keep-focus.ts';
import { complain } from './ui/notices.ts';
import { Button, Notices } from './ui/parts.tsx';
import { formatNumber, type Key, t } from './words/index.ts';

/** What stands behind the first part of the address; whoever may not see it does not find it. */
const ROOMS: Record<string, { page: ComponentType; admin?: boolean; nav?: Key; title?: Key }> = {
  queue: { page: QueuePage, nav: 'nav.queue' },
  comments: { page: DetailPage, title: 'comment' },
  authors: { page: AuthorsPage, nav: 'nav.authors' },
  audit: { page: AuditPage, nav: 'nav.audit' },
  stats: { page: StatsPage, nav: 'nav.stats' },
  sites: { page: SitesPage, nav: 'nav.sites', admin: true },
  staff: { page: StaffPage, nav: 'nav.staff', admin: true },
  tokens: { page: TokensPage, nav: 'nav.tokens', admin: true },
  webhooks: { page: WebhooksPage, nav: 'nav.webhooks', admin: true },
  filters: { page: FiltersPage, nav: 'nav.filters', admin: true },
  privacy: { page: PrivacyPage, nav: 'nav.privacy', admin: true },
  me: { page: MePage, title: 'nav.me' },
};

function LiveMark() {
  const { value: state } = liveState;
  return (
    <span class={`live live-${state}`} role="status">
      {t(`live.${state}`)}
    </span>
  );
}

function Bar() {
  const [here = ''] = place.value.path;
  const rooms = Object.entries(ROOMS).filter(([, { nav, admin }]) => nav && (!admin || isAdmin()));
  const pending = counts.value?.pending;
  const nav = useRef<HTMLElement>(null);
  // On a phone the rooms are wider than the screen.
  useEffect(() => {
    const current = nav.current?.querySelector('[aria-current]');
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [here]);
  // The queue hears of each change; elsewhere it is asked for as often as somebody comes along.
  useEffect(() => {
    if (here === 'queue') return undefined;
    const look = (): void => {
      if (!document.hidden) refreshCounts();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [here]);
  return (
    <header class="bar">
      <a class="brand" href={hrefOf(['queue'])}>
        Gatehouse
      </a>
      <nav ref={nav} aria-label={t('nav')}>
        {rooms.map(([path, { nav }]) => (
          <a key={path} href={hrefOf([path])} aria-current={here === path ? 'page' : undefined}>
            {t(nav ?? 'nav.queue')}
            {path === 'queue' && pending !== undefined && <span class="count">{formatNumber(pending)}</span>}
          </a>
        ))}
      </nav>
      <div class="bar-end">
        {here === 'queue' && <LiveMark />}
        <a href={hrefOf(['me'])} aria-current={here === 'me' ? 'page' : undefined}>
          <bdi>{me().name}</bdi>
        </a>
        <Button onClick={() => leaveBy(() => void signOut().catch(complain))}>{t('signOut')}</Button>
      </div>
    </header>
  );
}

function Room() {
  const [here = ''] = place.value.path;
  const room = ROOMS[here];
  if (!room || (room.admin && !isAdmin())) {
    return (
      <main class="page">
        <h1>{t('nowhere')}</h1>
        <p>
          <a href={hrefOf(['queue'])}>{t('nowhere.queue')}</a>
        </p>
      </main>
    );
  }
  const { page: Page } = room;
  return <Page />;
}

function Desk() {
  const [here = ''] = place.value.path;
  useEffect(() => {
    void loadSites();
  }, [String(me().sites)]);
  // Before anything can be pressed.
  useLayoutEffect(() => listenToKeys(() => place.peek().path[0] === 'queue'), []);
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (ref.current ? keepFocus(ref.current) : undefined), []);
  useEffect(() => {
    const { nav, title = nav ?? 'nowhere' } = ROOMS[here] ?? {};
    document.title = `${t(title)} · Gatehouse`;
  });
  return (
    <>
      <div ref={ref} class="desk" inert={session.value.state === 'expired'}>
        <Bar />
        {sites.value?.length === 0 && isAdmin() && here === 'queue' ? <FirstSite /> : <Room />}
        <KeysDialog />
      </div>
      <SignInAgain />
    </>
  );
}

export function App() {
  const { state } = session.value;
  return (
    <>
      {state === 'loading' && <main class="alone" aria-busy="true" />}
      {state === 'out' && <SignInPage />}
      {(state === 'in' || state === 'expired') && <Desk />}
      <Notices />
    </>
  );
}
