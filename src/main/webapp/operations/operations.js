import {html} from '../vendor/preact.js';
import {Title} from '../lib/ui.js';

export function View() {
  return html`<${Title}>Operations</${Title}>`;
}
