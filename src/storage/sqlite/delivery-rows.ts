import type { Attempt, Delivery, DeliveryStatus, Message } from '../../webhooks/delivery.ts';

/** Deliveries as rows, and back. */
export interface DeliveryRow {
  id: string;
  receiver: string;
  status: DeliveryStatus;
  tries: number;
  next_at: number | null;
  lease: string | null;
  created_at: number;
  message: string;
  attempts: string;
}

export function deliveryRowOf(delivery: Delivery): DeliveryRow {
  const { id, receiver, status, tries, lease } = delivery;
  return {
    id,
    receiver,
    status,
    tries,
    next_at: delivery.nextAt,
    lease,
    created_at: delivery.createdAt,
    message: JSON.stringify(delivery.message),
    attempts: JSON.stringify(delivery.attempts),
  };
}

export function deliveryOf(row: DeliveryRow): Delivery {
  const { id, receiver, status, tries, lease } = row;
  return {
    id,
    receiver,
    message: JSON.parse(row.message) as Message,
    status,
    tries,
    attempts: JSON.parse(row.attempts) as Attempt[],
    nextAt: row.next_at,
    lease,
    createdAt: row.created_at,
  };
}
