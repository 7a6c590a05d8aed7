import { byId } from './element.ts';

const themes = ['auto', 'light', 'dark'];

function storedTheme(): string | null {
  try {
    return localStorage.getItem('cupel-theme');
  } catch {
    return null;
  }
}

function set(theme: string): void {
  document.documentElement.dataset['theme'] = theme;
  byId('theme', HTMLElement).textContent = `Theme: ${theme}`;
}

/** From auto to light to dark and round again; remembered where the browser allows that. */
export function nextTheme(): void {
  const theme =
    themes[(themes.indexOf(document.documentElement.dataset['theme'] ?? 'auto') + 1) % themes.length] ?? 'auto';
  set(theme);
  try {
    localStorage.setItem('cupel-theme', theme);
  } catch {
    // It holds for this page only.
  }
}

/** Takes the theme up that was chosen last. */
export function startTheme(): void {
  const theme = storedTheme();
  set(theme !== null && themes.includes(theme) ? theme : 'auto');
  byId('theme', HTMLElement).addEventListener('click', nextTheme);
}
