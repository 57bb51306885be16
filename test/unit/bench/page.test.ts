import { describe, expect, test } from 'vitest';
import { withSections } from '../../bench/page.ts';

const PAGE = '# Figures\n\n- machine\n\n\n## Start\n\nold start\n\n\n## Queue\n\nold queue\n';
const TITLES = ['Start', 'Latency', 'Queue'];

describe('the page of figures', () => {
  test.each([
    [
      'a part measured alone replaces its own section',
      ['## Queue\n\nnew queue\n'],
      ['# Figures', 'old start', 'new queue'],
    ],
    ['a new part takes its place', ['## Latency\n\nnew\n'], ['# Figures', 'old start', 'new', 'old queue']],
    ['nothing measured changes nothing', [], ['# Figures', 'old start', 'old queue']],
  ])('%s', (_rule, sections, order) => {
    const page = withSections(PAGE, null, TITLES, sections);
    expect(page.match(/# Figures|old start|new queue|new$|old queue/gm)).toEqual(order);
    expect(withSections(page, null, TITLES, sections)).toBe(page);
  });

  test('a whole run leaves nothing of the old page', () => {
    const page = withSections(PAGE, '# Figures\n\n- other machine', TITLES, ['## Start\n\nnew start\n']);
    expect(page).toBe('# Figures\n\n- other machine\n\n\n## Start\n\nnew start\n');
  });

  test('a section that no part has any more stays, at the end', () => {
    const page = withSections(`${PAGE}\n\n## By hand\n\nan hour\n`, null, TITLES, []);
    expect(page.trimEnd().endsWith('an hour')).toBe(true);
  });
});
