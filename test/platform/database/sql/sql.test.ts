import { expect, test } from '@jest/globals';
import { literal, Parameter, sql } from '../../../../src/platform/database/sql/sql.js';

test('parameters are numbered over all pieces, a named one once', () => {
  const id = new Parameter('id');
  const condition = sql`id = ${id} AND kind = ${'start'}`;
  const statement = sql`SELECT ${id}::text WHERE ${condition} OR ${condition}`;
  expect(statement.build()).toEqual({
    text: 'SELECT $1::text WHERE id = $1 AND kind = $2 OR id = $1 AND kind = $3',
    values: [id, 'start', 'start'],
  });
});

test('a value is never part of the text', () => {
  const name = `'; DROP TABLE events; --`;
  expect(sql`SELECT * FROM events WHERE name = ${name}`.build()).toEqual({
    text: 'SELECT * FROM events WHERE name = $1',
    values: [name],
  });
});

test('null and lists are values, too', () => {
  const { text, values } = sql`SELECT ${null}, ${['a', 'b']}, ${undefined}`.build();
  expect(text).toBe('SELECT $1, $2, $3');
  expect(values).toEqual([null, ['a', 'b'], undefined]);
});

test('a literal is quoted', () => {
  expect(sql`SELECT ${literal("it's")}`.build()).toEqual({ text: "SELECT 'it''s'", values: [] });
});
