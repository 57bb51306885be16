/**
 * The page of figures with these sections written anew. With a head (the first lines, on which machine it was), the whole
 * page is new; without one, what was not measured now stays as it stands. Sections follow in the order of `titles`.
 */
export function withSections(
  page: string,
  head: string | null,
  titles: readonly string[],
  sections: readonly string[],
): string {
  const [oldHead = '', ...oldSections] = page.split(/^(?=## )/m);
  const known = head === null ? [...oldSections, ...sections] : sections;
  // The later one of the same title wins.
  const byTitle = new Map(known.map((section) => [/^## (.*)$/m.exec(section)?.[1] ?? '', section.trimEnd()]));
  const place = (title: string) => (titles.indexOf(title) < 0 ? titles.length : titles.indexOf(title));
  const ordered = [...byTitle].sort(([one], [other]) => place(one) - place(other));
  return `${[(head ?? oldHead).trimEnd(), ...ordered.map(([, section]) => section)].join('\n\n\n')}\n`;
}
