import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createWindowsServicesSource,
  parseScQuery,
} from '../../../../../../electron/agent/collect/windows/services.ts';
import { readOne, reasonOf } from '../measuring.ts';

/**
 * `sc query type= service state= all`, in the layout of learn.microsoft.com/windows-server/administration/windows-commands/sc-query;
 * line ends are \r\n, and some lines end in a blank.
 */
const ENGLISH = `
SERVICE_NAME: AarSvc
DISPLAY_NAME: Agent Activation Runtime
        TYPE               : 30  WIN32  
        STATE              : 1  STOPPED 
        WIN32_EXIT_CODE    : 1077  (0x435)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0

SERVICE_NAME: MSSQL$SQLEXPRESS
DISPLAY_NAME: SQL Server (SQLEXPRESS)
        TYPE               : 10  WIN32_OWN_PROCESS  
        STATE              : 4  RUNNING 
                                (STOPPABLE, PAUSABLE, ACCEPTS_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0

SERVICE_NAME: Spooler
DISPLAY_NAME: Print Spooler
        TYPE               : 110  WIN32_OWN_PROCESS  (interactive)
        STATE              : 2  START_PENDING 
                                (NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x7d0

SERVICE_NAME: Paused
DISPLAY_NAME: Ratio 4: 1
        TYPE               : 20  WIN32_SHARE_PROCESS  
        STATE              : 7  PAUSED 
`.replaceAll('\n', '\r\n');

/** The labels of the German, French and Portuguese sc.exe; the states are never translated. */
const TRANSLATED: readonly (readonly [string, string])[] = [
  [
    'German',
    ENGLISH.replaceAll('SERVICE_NAME', 'DIENSTNAME')
      .replaceAll('DISPLAY_NAME', 'ANZEIGENAME')
      .replaceAll('STATE  ', 'STATUS ')
      .replaceAll('TYPE', 'TYP '),
  ],
  ['French', ENGLISH.replaceAll('STATE', '\uFFFDTAT').replaceAll('DISPLAY_NAME', "NOM_D'AFFICHAGE")],
  [
    'Portuguese',
    ENGLISH.replaceAll('STATE ', 'ESTADO')
      .replaceAll('SERVICE_NAME', 'NOME_DO_SERVIÇO')
      .replaceAll('TYPE', 'TIPO'),
  ],
];

const source = (stdout: string, status = 0) =>
  createWindowsServicesSource(async () => ({ status, stdout, stderr: '' }));

describe.each([['English', ENGLISH] as const, ...TRANSLATED])('%s', (_language, output) => {
  test.each([
    ['Spooler', { value: 'running', detail: 'start pending' }],
    ['spooler', { value: 'running', detail: 'start pending' }],
    ['Print Spooler', { value: 'running', detail: 'start pending' }],
    ['MSSQL$SQLEXPRESS', { value: 'running', detail: 'running' }],
    ['AarSvc', { value: 'stopped', detail: 'stopped' }],
    ['Paused', { value: 'stopped', detail: 'paused' }],
    ['Ratio 4: 1', { value: 'stopped', detail: 'paused' }],
    ['Spoiler', { value: null, unknown: 'Windows knows no service named Spoiler' }],
  ])('%s', async (name, expected) => {
    expect(await readOne(source(output), 'service.state', name)).toEqual(expected);
  });

  test('nothing else is taken for a service', () => {
    expect(parseScQuery(output).size).toBe(8);
  });
});

test('a list that is empty is a fault, not a computer without services', async () => {
  expect(reasonOf(await readOne(source('', 5), 'service.state', 'Spooler'))).toBe(
    'sc.exe listed no services and ended with 5',
  );
});

test('no output makes the parser throw', () => {
  const line = fc.oneof(fc.constantFrom(...ENGLISH.split('\n')), fc.string());
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const state of parseScQuery(lines.join('\n')).values()) expect(state).toMatch(/^[a-z ]+$/);
    }),
  );
});
