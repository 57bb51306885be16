import { renderToStaticMarkup } from 'react-dom/server';
import type { MailDocument, Section } from '../mail-document.ts';
import { BlockView, Facts, Glyph } from './blocks.tsx';
import { LayoutTable } from './table.tsx';
import { BREAKING, darkStyleSheet, paint, type } from './theme.ts';

const STYLE_SHEET = darkStyleSheet();

/**
 * Writes a mail as HTML: one column of 600 px in tables with inline styles. No script, no image, nothing from elsewhere.
 * What is not ours is escaped by React.
 */
export function htmlMail(document: MailDocument, subject: string): string {
  return `<!doctype html>${renderToStaticMarkup(<MailPage document={document} subject={subject} />)}\n`;
}

function MailPage({ document, subject }: { readonly document: MailDocument; readonly subject: string }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE_SHEET }} />
      </head>
      <body {...paint({ bg: 'page' }, { margin: 0, padding: 0 })}>
        <LayoutTable fixed paint={paint({ bg: 'page' })}>
          <tr>
            <td align="center" style={{ padding: '16px 8px' }}>
              <MailCard document={document} />
            </td>
          </tr>
        </LayoutTable>
      </body>
    </html>
  );
}

function MailCard({ document }: { readonly document: MailDocument }) {
  const { tone, sections, smallPrint } = document;
  return (
    <table
      role="presentation"
      width="600"
      cellPadding={0}
      cellSpacing={0}
      border={0}
      {...paint(
        { bg: 'card' },
        {
          // Outlook's Word engine knows no greatest width, so 600 px is the width; others make it narrower on a phone.
          width: 600,
          maxWidth: '100%',
          borderCollapse: 'collapse',
          tableLayout: 'fixed',
          textAlign: 'left',
          ...BREAKING,
        },
      )}
    >
      <tbody>
        <tr>
          <td height="4" {...paint({ bg: tone }, { height: 4, fontSize: 0, lineHeight: '4px' })}>
            {'\u00a0'}
          </td>
        </tr>
        <tr>
          <td style={{ padding: '20px 24px 0' }}>
            <Head document={document} />
          </td>
        </tr>
        {sections.map((section, index) => (
          <SectionRow key={index} section={section} />
        ))}
        <tr>
          <td style={{ padding: '24px 24px 20px' }}>
            <LayoutTable>
              <tr>
                <td
                  {...paint(
                    { border: 'line' },
                    { borderTopWidth: 1, borderTopStyle: 'solid', paddingTop: 12 },
                  )}
                >
                  <Facts facts={smallPrint} sizePx={12} />
                </td>
              </tr>
            </LayoutTable>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** The first line: the state in a shape and words, then what and where. */
function Head({ document }: { readonly document: MailDocument }) {
  const { tone, state, headline } = document;
  return (
    <>
      <p {...paint({ fg: tone }, { ...type(15, 22, 600), margin: 0 })}>
        <Glyph tone={tone} /> {state}
      </p>
      <h1 {...paint({ fg: 'text' }, { ...type(20, 28, 600), margin: 0 })}>{headline}</h1>
    </>
  );
}

function SectionRow({ section }: { readonly section: Section }) {
  return (
    <tr>
      <td style={{ padding: section.title === null ? '16px 24px 0' : '24px 24px 0' }}>
        {section.title !== null && (
          <h2 {...paint({ fg: 'text' }, { ...type(15, 22, 600), margin: '0 0 6px' })}>{section.title}</h2>
        )}
        {section.blocks.map((block, index) => (
          <div key={index} style={{ paddingTop: index === 0 ? 0 : 12 }}>
            <BlockView block={block} />
          </div>
        ))}
      </td>
    </tr>
  );
}
