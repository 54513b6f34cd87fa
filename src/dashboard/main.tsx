import { render } from 'preact';
import { ApiError } from './api/client.ts';
import { App } from './app.tsx';
import { begin } from './session.ts';
import './style/base.css';
import './style/controls.css';
import './style/frame.css';
import './style/queue.css';
import './style/comment.css';
import './style/bars.css';
import './style/pages.css';
import './style/forced.css';
import { complain } from './ui/notices.ts';
import { showTheme } from './ui/theme.ts';

const root = document.querySelector('#app');
if (!root) throw new Error('the page has no #app');
root.replaceChildren();
/** What can't be taken back, answers a question, or would be about the next comment, which nobody has read yet. */
const ONCE = '.button-main, .button-danger, .decisions';
/** A second click, or Enter held down, does nothing to it. */
const calm = (event: Event): void => {
  if (!(event.target as Element).closest(ONCE)) return;
  event.preventDefault();
  event.stopPropagation();
};
addEventListener('click', (event) => event.detail > 1 && calm(event), true);
addEventListener(
  'keydown',
  (event) => {
    // While an input method composes, keys are its own: Enter sends nothing then, and Escape closes nothing.
    if (event.isComposing) event.stopPropagation();
    if (event.repeat && event.key === 'Enter') calm(event);
  },
  true,
);
showTheme();
render(<App />, root);

/** Milliseconds between asks while the service can't be reached. */
const AGAIN = 3000;

function start(): void {
  begin().catch((error: unknown) => {
    complain(error);
    if (error instanceof ApiError && error.status === 0) setTimeout(start, AGAIN);
  });
}
start();
