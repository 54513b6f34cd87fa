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
// While an input method composes, keys are its own: Enter sends nothing then, and Escape closes nothing.
addEventListener('keydown', (event) => event.isComposing && event.stopPropagation(), true);
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
