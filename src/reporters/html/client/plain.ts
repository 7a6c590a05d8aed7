/** The script of a page that has nothing to filter: its theme and its help. */
import { byId } from './element.ts';
import { nextTheme, startTheme } from './theme.ts';

const help = byId('help', HTMLDialogElement);
startTheme();
byId('keys', HTMLElement).addEventListener('click', () => help.showModal());
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.key === 't') nextTheme();
  else if (event.key === '?') help.showModal();
});
