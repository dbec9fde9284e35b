import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readEnvelope } from '../../src/bridge/envelope.ts';
import { frameAllowance, rpcCodes } from '../../src/bridge/index.ts';
import { longestPosition } from '../../src/bridge/next-answer.ts';
import { readServiceEvent } from '../../src/bridge/service-event.ts';

// docs/bridge-protocol.md is the specification: what it shows and states is what the hub does.

let text: string;
beforeAll(async () => {
  text = await readFile(new URL('../../docs/bridge-protocol.md', import.meta.url), 'utf8');
});

const hubMethods =
  /"method":"(initialize|rpc\.discover|score|shutdown|next|ack|\$\/block|\$\/cancel|\$\/credit)"/;

describe('the protocol document', () => {
  it('shows frames that the hub would take', () => {
    const frames = [...text.matchAll(/^```json\n(.*?)^```/gms)].flatMap(([, block = '']) =>
      block.trim().split('\n'),
    );
    expect(frames.length).toBeGreaterThan(20);
    for (const frame of frames) {
      JSON.parse(frame);
      if (hubMethods.test(frame)) continue;
      const envelope = readEnvelope(Buffer.from(frame));
      expect(envelope, frame).not.toMatchObject({ kind: 'fault' });
      if (envelope.kind === 'notification')
        expect(readServiceEvent(envelope.method, envelope.params), frame).not.toBeTypeOf('string');
    }
  });

  it('lists every error code, and no other', () => {
    const rows = text.slice(text.indexOf('| code | meaning |'), text.indexOf('"Tried again"'));
    const listed = [...rows.matchAll(/^\| (-32[0-9]{3}) /gm)].map(([, code]) => Number(code));
    expect(listed.toSorted()).toEqual(Object.values<number>(rpcCodes).toSorted());
  });

  it('states the limits that the hub keeps', () => {
    expect(text).toContain(`\`limits.message\` + ${frameAllowance / 1024 ** 2} MiB`);
    expect(text).toContain('A notification has at most 262,144 bytes');
    expect(text).toContain(`| a position of a source | ${longestPosition.toLocaleString('en-US')} bytes |`);
  });

  it('links to headings that it has', () => {
    const headings = new Set(
      [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    for (const [, anchor = ''] of text.matchAll(/\]\(#([^)]*)\)/g)) expect(headings).toContain(anchor);
  });
});
