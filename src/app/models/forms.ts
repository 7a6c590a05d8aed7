/** How models are named, for messages and for `cupel list`. */
export const modelForms = ['recorded', 'anthropic:<model>', 'promptfoo:<provider id>', 'exec:<command>'] as const;
