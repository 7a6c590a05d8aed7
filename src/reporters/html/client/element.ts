/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

type Child = Node | string | null | undefined | false;

/** Makes an element. Text is only ever text: nothing of an answer can become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The data that the page embeds: the renderer of the same page wrote it, and `isData` says by which mark. */
export function embedded<T>(isData: (value: unknown) => value is T): T {
  const value: unknown = JSON.parse(byId('data', HTMLElement).textContent ?? '');
  if (!isData(value)) throw new Error('the page embeds other data than its script reads');
  return value;
}

/** An element of the page that is known to be there, and of that kind. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const target = document.getElementById(id);
  if (!(target instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return target;
}
