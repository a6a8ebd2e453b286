/**
 * @file Vector arithmetic as C: an expression pushes one operand of text, and what is kept becomes a declaration.
 */

import type { Precision } from "../wasm/math/math-library.ts";
import {
  type BitOperation,
  type FloatOperation,
  type Variable,
  type Vector,
  VectorExpressions,
} from "../wasm/math/vector-expressions.ts";
import { literal, type VectorBytes, type VectorType, vectorType } from "./vector-types.ts";

/** The body of a C function while it is written. */
export class CBody {
  readonly lines: string[] = [];
  readonly #operands: string[] = [];
  #names = 0;

  /** A name that is not yet used. */
  fresh(): string {
    return `t${this.#names++}`;
  }

  push(operand: string): void {
    this.#operands.push(operand);
  }

  /** The text of an expression. */
  text(value: Vector): string {
    value();
    return this.#operands.pop()!;
  }
}

/** Expressions over vectors of one type. */
export class CVectorCode extends VectorExpressions {
  readonly body: CBody;
  readonly type: VectorType;

  constructor(body: CBody, precision: Precision, bytes: VectorBytes) {
    super(precision);
    this.body = body;
    this.type = vectorType(precision, bytes);
  }

  override as(precision: Precision): CVectorCode {
    return new CVectorCode(this.body, precision, this.type.bytes);
  }

  /** An expression of this text. */
  read(text: string): Vector {
    return () => this.body.push(text);
  }

  override variable(value: Vector): Variable {
    const { body } = this;
    const name = body.fresh();
    body.lines.push(`${this.type.name} ${name} = ${body.text(value)};`);
    return {
      value: this.read(name),
      set: (next) => void body.lines.push(`${name} = ${body.text(next)};`),
    };
  }

  override ifAny(mask: Vector, some: () => Vector, none: () => Vector): Vector {
    return () => {
      const { body } = this;
      const name = body.fresh();
      body.lines.push(`${this.type.name} ${name};`, `if (any_${this.type.name}(${body.text(mask)})) {`);
      body.lines.push(`${name} = ${body.text(some())};`, "} else {");
      body.lines.push(`${name} = ${body.text(none())};`, "}");
      body.push(name);
    };
  }

  override when(mask: Vector, action: () => void): void {
    const { body } = this;
    body.lines.push(`if (any_${this.type.name}(${body.text(mask)})) {`);
    action();
    body.lines.push("}");
  }

  override constant(x: number): Vector {
    return this.read(`splat_${this.type.name}(${literal(x, this.precision)})`);
  }

  override bits(pattern: bigint): Vector {
    return this.read(
      `bits_${this.type.name}(0x${pattern.toString(16)}u${this.precision === "f64" ? "ll" : ""})`,
    );
  }

  override toDoubles(x: Vector): Vector[] {
    return [0, 1].map((upper) => this.#call(`double_${this.type.name}`, [x], `, ${upper}`));
  }

  override fromDoubles(halves: Vector[]): Vector {
    return this.#call(`single_${this.type.name}`, halves);
  }

  /** A call of a function of this type. */
  call(name: string, ...operands: Vector[]): Vector {
    return this.#call(`${name}_${this.type.name}`, operands);
  }

  protected override float(name: FloatOperation, ...operands: Vector[]): Vector {
    const { name: type } = this.type;
    const arithmetic = ARITHMETIC[name];
    if (arithmetic) return this.#infix(arithmetic, operands);
    const comparison = COMPARISONS[name];
    if (comparison) return this.#format(operands, ([a, b]) => `(${type})(${a} ${comparison} ${b})`);
    if (name === "neg") return this.#format(operands, ([a]) => `-${a}`);
    if (name === "pmin") return this.#ordered("<", operands);
    if (name === "pmax") return this.#ordered(">", operands);
    return this.call(name, ...operands);
  }

  protected override whole(name: "add" | "sub", ...operands: Vector[]): Vector {
    return this.#onBits(operands, ([a, b]) => `${a} ${name === "add" ? "+" : "-"} ${b}`);
  }

  protected override shift(name: "shl" | "shr_u", a: Vector, bits: number): Vector {
    return this.#onBits([a], ([x]) => `${x} ${name === "shl" ? "<<" : ">>"} ${bits}`);
  }

  protected override bitwise(name: BitOperation, ...operands: Vector[]): Vector {
    if (name === "bitselect") return this.call("select", ...operands);
    return this.#onBits(operands, ([a, b]) => BITWISE[name](a, b));
  }

  /** b < a ? b : a, or with > the greater. */
  #ordered(relation: "<" | ">", operands: Vector[]): Vector {
    const { name } = this.type;
    return this.#format(operands, ([a, b]) => `select_${name}(${b}, ${a}, (${name})(${b} ${relation} ${a}))`);
  }

  #infix(operator: string, operands: Vector[]): Vector {
    return this.#format(operands, ([a, b]) => `${a} ${operator} ${b}`);
  }

  #onBits(operands: Vector[], write: (texts: string[]) => string): Vector {
    const { name, unsigned } = this.type;
    const cast = (texts: string[]) => texts.map((text) => `(${unsigned})${text}`);
    return this.#format(operands, (texts) => `(${name})(${write(cast(texts))})`);
  }

  #format(operands: Vector[], write: (texts: string[]) => string): Vector {
    const { body } = this;
    return () => body.push(`(${write(operands.map((operand) => body.text(operand)))})`);
  }

  #call(name: string, operands: Vector[], more = ""): Vector {
    const { body } = this;
    return () => body.push(`${name}(${operands.map((operand) => body.text(operand)).join(", ")}${more})`);
  }
}

// Implementation

const ARITHMETIC: Partial<Record<FloatOperation, string>> = { add: "+", sub: "-", mul: "*", div: "/" };
const COMPARISONS: Partial<Record<FloatOperation, string>> = { lt: "<", le: "<=", eq: "==", ne: "!=" };
const BITWISE: Record<Exclude<BitOperation, "bitselect">, (a: string, b: string) => string> = {
  and: (a, b) => `${a} & ${b}`,
  andnot: (a, b) => `${a} & ~${b}`,
  or: (a, b) => `${a} | ${b}`,
  xor: (a, b) => `${a} ^ ${b}`,
  not: (a) => `~${a}`,
};
