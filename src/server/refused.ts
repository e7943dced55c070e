// A start that cannot succeed as things are; its message is the sentence for the operator.

export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
