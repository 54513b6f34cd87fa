import type { Context } from './context.ts';
import { button, h } from './dom.ts';
import { buildHtml } from './html.ts';
import { isProblem } from './reason.ts';

interface PreviewOptions {
  textOf(): string;
  /** Says something at the form, in place of what was said there. */
  say(...content: (Node | string)[]): void;
  /** Told of what the service refuses. */
  failed(error: unknown): void;
}

interface Preview {
  box: HTMLElement;
  look(): Promise<void>;
  /** Once the text is sent. */
  clear(): void;
}

/** What a comment will look like. */
export function createPreview(
  { api, site, words }: Context,
  { textOf, say, failed }: PreviewOptions,
): Preview {
  const box = h('div', { class: 'body preview', part: 'preview', 'aria-live': 'polite' });
  /** An answer that comes behind a later one's question, or behind the sending, is of a text that is gone. */
  let latest = 0;

  async function look(): Promise<void> {
    latest += 1;
    const asked = latest;
    try {
      const answer = await api<{ html: string }>(`v1/sites/${site}/preview`, { body: { body: textOf() } });
      if (asked === latest) box.replaceChildren(buildHtml(answer.html));
    } catch (error) {
      if (asked !== latest) return;
      if (isProblem(error)) return failed(error);
      const again = (): void => {
        say();
        void look();
      };
      say(words('failed'), ' ', button(words('retry'), again));
    }
  }

  const clear = (): void => {
    latest += 1;
    box.replaceChildren();
  };
  return { box, look, clear };
}
