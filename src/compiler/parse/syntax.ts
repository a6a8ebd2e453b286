/**
 * @file The syntax tree of a model's equations. Plain data; every node keeps the place it was read from.
 */

import type { Span } from "../../core/index.ts";

/** Operators on numbers. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "^";
/** Operators from numbers to truth values. */
export type CompareOperator = "<" | "<=" | ">" | ">=" | "==" | "!=";
/** Ways of assigning. */
export type AssignOperator = "=" | "+=" | "-=" | "*=" | "/=";

/** A value. */
export type Expression =
  | { kind: "number"; value: number; span: Span }
  | { kind: "boolean"; value: boolean; span: Span }
  | { kind: "name"; name: string; span: Span }
  /** `dx/dt`, read as one word. */
  | { kind: "gradient"; variable: string; span: Span }
  /** `pre.x` or `post.x`. */
  | { kind: "member"; object: string; name: string; span: Span }
  | { kind: "unary"; operator: "-" | "not"; operand: Expression; span: Span }
  | { kind: "binary"; operator: ArithmeticOperator; left: Expression; right: Expression; span: Span }
  | { kind: "compare"; operator: CompareOperator; left: Expression; right: Expression; span: Span }
  | { kind: "logical"; operator: "and" | "or"; left: Expression; right: Expression; span: Span }
  | { kind: "conditional"; test: Expression; then: Expression; otherwise: Expression; span: Span }
  | { kind: "call"; callee: string; calleeSpan: Span; arguments: Expression[]; span: Span };

/** A word after the colon of a line: `init=0.5`, `min=0`, `exponential`, `population`. */
export interface Flag {
  name: string;
  value?: Expression;
  span: Span;
}

/** One line. */
export type Statement =
  | {
      kind: "assign";
      variable: string;
      variableSpan: Span;
      operator: AssignOperator;
      value: Expression;
      flags: Flag[];
      span: Span;
    }
  /** `left = right` where the gradient of `variable` stands somewhere on the left. */
  | {
      kind: "ode";
      variable: string;
      variableSpan: Span;
      left: Expression;
      right: Expression;
      flags: Flag[];
      span: Span;
    };
