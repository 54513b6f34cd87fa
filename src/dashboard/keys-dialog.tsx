import { goes, showsKeys } from './queue/keys.ts';
import { isAdmin } from './session.ts';
import { Dialog } from './ui/parts.tsx';
import { type Key, t } from './words/index.ts';

const KEYS: readonly (readonly [string, Key])[] = [
  ['J / K', 'key.move'],
  ['A', 'action.approve'],
  ['R', 'key.reject'],
  ['S', 'action.spam'],
  ['T', 'action.trash'],
  ['U', 'undo'],
  ['X', 'key.choose'],
  ['⇧ J / K', 'key.range'],
  ['E', 'action.edit'],
  ['↵', 'action.reply'],
  ['L', 'similar.title'],
  ['C', 'claim.next'],
  ['/', 'search'],
  ['G Q', 'nav.queue'],
  ['G A', 'nav.authors'],
  ['G H', 'nav.audit'],
  ['G S', 'nav.stats'],
  ['G E', 'nav.sites'],
  ['G W', 'nav.webhooks'],
  ['G F', 'nav.filters'],
  ['G M', 'nav.me'],
  ['?', 'keys.title'],
];

const FOR_ADMINS: readonly Key[] = ['nav.sites', 'nav.webhooks', 'nav.filters'];

export function KeysDialog() {
  if (goes.value)
    return (
      <p class="going" role="status">
        {t('key.going')}
      </p>
    );
  if (!showsKeys.value) return null;
  return (
    <Dialog title={t('keys.title')} onClose={() => (showsKeys.value = false)}>
      <p class="soft">{t('keys.help')}</p>
      <dl class="keys">
        {KEYS.filter(([, words]) => isAdmin() || !FOR_ADMINS.includes(words)).map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd dir="ltr">{keys}</kbd>
            </dt>
            <dd>{t(words)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
