import {
  ALERT_TEMPLATES,
  type AlertTemplate,
  alertInput,
  exampleTargets,
  type TemplateBlank,
} from '../../shared/templates.ts';

const BEGIN =
  '<!-- From here on written by `npm run docs` from shared/templates.ts. The recipients are an example. -->';
const END = '<!-- So far. -->';

/** The page with its list of templates written anew, between two marks; it fails where the marks are not there. */
export function withTemplates(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < 0)
    throw new Error(`The page has no place for templates, between ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${templatesText()}\n\n${page.slice(end)}`;
}

function templatesText(): string {
  return ALERT_TEMPLATES.map(templateText).join('\n\n');
}

function templateText(template: AlertTemplate): string {
  const { title, purpose, blanks } = template;
  const alert = {
    ...alertInput(template, exampleTargets(template, 'linux')),
    recipients: ['it@contoso.example'],
  };
  const sentences = [purpose, ...blanks.map(blankText)];
  return [`### ${title}`, sentences.join(' '), `\`\`\`json\n${jsonText(alert)}\n\`\`\``].join('\n\n');
}

function blankText({ label, examples, usable }: TemplateBlank): string {
  const { linux, win32, darwin } = examples;
  const onWindows = win32 === linux ? [] : [`on Windows \`${win32}\``];
  const onMac = darwin === linux ? [] : [`on macOS \`${darwin}\``];
  const list = [`\`${linux}\``, ...onWindows, ...onMac].join(', ');
  return usable ? `**${label}**: ${list}, or another one.` : `**${label}**: fill in yours; such as ${list}.`;
}

/** A key a line, as the files are read; what is deeper stays on its line. */
function jsonText(alert: object): string {
  const lines = Object.entries(alert).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${valueText(key, value)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}

function valueText(key: string, value: unknown): string {
  if (key !== 'conditions' || !Array.isArray(value)) return spaced(value);
  return `[\n${value.map((condition) => `    ${spaced(condition)}`).join(',\n')}\n  ]`;
}

/** JSON on one line, with spaces where people put them. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
    .join(', ')} }`;
}
