import { acceptedContent, type InputResponses } from '@modelcontextprotocol/server';
import type { Principal } from '../../../access/principal.js';
import { MissionError } from '../../../contracts/errors.js';
import { isObject, type JsonObject } from '../../../contracts/json/json.js';
import type { ApprovalService } from '../../../kernel/approval-service.js';
import { questionKey } from './pending-approvals.js';
import { needs } from '../../rights/needs.js';

/** An approval as it was shown to a person. */
export interface ShownApproval {
  id: string;
  /** The hash of what was shown; absent in states of older versions. */
  hash?: string | null;
}

/**
 * Takes a person's answer to an approval. The service checks anew who may decide, that nobody has decided, and that the
 * approval is still about what was shown.
 * @returns false if the form was closed without an answer
 * @throws MissionError `permission_denied`, `conflict`, `not_found`, `input_invalid`
 */
export async function decide(
  service: ApprovalService,
  { id, hash = null }: ShownApproval,
  responses: InputResponses | Record<string, unknown> | undefined,
  principal: Principal,
): Promise<boolean> {
  const content = acceptedContent(responses, questionKey({ id, hash }));
  if (!isObject(content)) return false;
  const { decision, comment, ...form } = content as JsonObject;
  if (decision !== 'approve' && decision !== 'deny')
    throw new MissionError('input_invalid', '"decision" must be approve or deny.');
  needs(principal, 'write:approvals');
  const { actor, role } = principal;
  await service.resolve({
    id,
    decision: decision === 'approve' ? 'approved' : 'denied',
    comment: typeof comment === 'string' ? comment : null,
    form,
    hash,
    actor,
    role,
  });
  return true;
}
