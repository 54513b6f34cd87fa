import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Site } from '../api/types.ts';
import { lead } from '../ui/keep-focus.ts';
import { notify } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { t } from '../words/index.ts';

const BASE = new URL('../', location.href).href.replace(/\/$/, '');

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify({ kind: 'good', text: t('copied') });
  } catch {
    // On plain http browsers have no clipboard for pages, and elsewhere it may be forbidden.
    notify({ kind: 'bad', text: t('copy.byHand') });
  }
}

/** A text to take elsewhere. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <div class="copyable">
      <textarea
        readOnly
        dir="ltr"
        rows={Math.min(8, text.split('\n').length)}
        aria-label={label}
        value={text}
      />
      <Button onClick={() => void copy(text)}>{t('copy')}</Button>
    </div>
  );
}

/** What a publisher puts into a page: the widget, and for readers without scripts a way to the thread. */
export function Snippet({ site }: { site: Site }) {
  const html = `<script src="${BASE}/embed.js" data-site="${site.id}" async></script>`;
  const frame = `<iframe src="${BASE}/v1/sites/${site.id}/thread?page=PAGE_URL" title="${t('snippet.frame')}" width="100%" height="900" loading="lazy"></iframe>`;
  return (
    <section>
      <h2>{t('snippet.title')}</h2>
      <p>{t('snippet.help')}</p>
      <Copyable text={html} label={t('snippet.title')} />
      <p>{t('snippet.frameHelp')}</p>
      <Copyable text={frame} label={t('snippet.frame')} />
    </section>
  );
}

/** What is shown once, and not kept here: the button that made it may be screens away. */
export function Once({ words, label, text }: { words: string; label: string; text: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!ref.current) return;
    lead(ref.current);
    ref.current.scrollIntoView({ block: 'nearest' });
  }, [text]);
  return (
    <div ref={ref} class="panel" role="status">
      <p>{words}</p>
      <Copyable text={text} label={label} />
    </div>
  );
}
