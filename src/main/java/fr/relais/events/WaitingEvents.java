package fr.relais.events;

import java.time.Instant;

/**
 * The events that wait for delivery.
 *
 * @param count the number of these events
 * @param oldest when the oldest was recorded, or null when none waits
 * @param isReplayNeeded whether events were dropped or the database was restored, and there has been no replay since
 */
public record WaitingEvents(long count, Instant oldest, boolean isReplayNeeded) {}
