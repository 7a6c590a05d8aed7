import type { MessageCreateParamsNonStreaming, TextBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { ModelSettings } from '../../domain/runs/models.ts';
import { messagesOf } from '../../domain/grading/prompt.ts';
import type { Request } from '../../domain/grading/prompt.ts';

/**
 * The message as it is sent, in a stream or in a batch. `keep`: the service shall remember its beginning for the next
 * that is equal.
 */
export function messageOf(
  request: Request,
  model: string,
  settings: ModelSettings & { maxTokens: number },
  keep: boolean,
): MessageCreateParamsNonStreaming {
  const { maxTokens, temperature, thinking, effort } = settings;
  const messages = messagesOf(request).map(({ role, text }, index, all) => {
    const block: TextBlockParam = {
      type: 'text',
      text,
      ...(keep && index === all.length - 1 ? { cache_control: { type: 'ephemeral' as const } } : {}),
    };
    return { role: role === 'user' ? ('user' as const) : ('assistant' as const), content: [block] };
  });
  return {
    model,
    max_tokens: maxTokens,
    ...(request.system === '' ? {} : { system: [{ type: 'text' as const, text: request.system }] }),
    messages,
    ...(temperature === undefined ? {} : { temperature }),
    ...(effort === undefined ? {} : { output_config: { effort } }),
    ...(thinking === undefined
      ? {}
      : {
          thinking:
            typeof thinking === 'number' ? { type: 'enabled' as const, budget_tokens: thinking } : { type: thinking },
        }),
  };
}
