// The sessions: what runs now, and every session by filter and word.
import {html} from '../vendor/preact.js';
import {Title} from '../lib/ui.js';

export function View() {
  return html`<${Title}>Sessions</${Title}>`;
}
