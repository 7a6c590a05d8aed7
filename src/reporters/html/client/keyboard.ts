/** What the keys of a page act on. */
export interface Keyboard {
  /** Selector of the elements that the keys step through. */
  item: string;
  /** These elements in the order of the page, also hidden ones. */
  items: readonly HTMLDetailsElement[];
  search: HTMLElement;
  help: HTMLDialogElement;
  nextTheme(): void;
}

function escape(current: HTMLDetailsElement | null): void {
  if (current !== null) {
    current.open = false;
    current.querySelector('summary')?.focus();
  } else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Moves the focus to the next item in sight, or to the one before. */
function step(items: readonly HTMLDetailsElement[], current: HTMLDetailsElement | null, by: 1 | -1): void {
  const visible = items.filter(({ hidden }) => !hidden);
  const at = current === null ? (by > 0 ? -1 : visible.length) : visible.indexOf(current);
  const next = visible[Math.min(visible.length - 1, Math.max(0, at + by))];
  next?.querySelector('summary')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Listens to the keys of a page. */
export function startKeyboard({ item, items, search, help, nextTheme }: Keyboard): void {
  const current = (): HTMLDetailsElement | null => document.activeElement?.closest<HTMLDetailsElement>(item) ?? null;
  const keys: Record<string, () => void> = {
    '/': () => search.focus(),
    '?': () => help.showModal(),
    j: () => step(items, current(), 1),
    k: () => step(items, current(), -1),
    t: nextTheme,
    Escape: () => escape(current()),
  };
  const arrows: Record<string, (() => void) | undefined> = { ArrowDown: keys['j'], ArrowUp: keys['k'] };

  /** While somebody types, only Escape acts. Arrows scroll the page, unless the head of an item has the focus. */
  function actionOf(key: string, target: HTMLElement): (() => void) | undefined {
    if (target.matches('input, select, textarea')) return key === 'Escape' ? keys[key] : undefined;
    return keys[key] ?? (target.matches(`${item} > summary`) ? arrows[key] : undefined);
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const action = actionOf(event.key, event.target as HTMLElement);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
