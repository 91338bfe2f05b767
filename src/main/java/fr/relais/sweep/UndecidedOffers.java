package fr.relais.sweep;

import java.time.Instant;

/**
 * Offers that the last complete sweep did not see, and for which the source gave no usable answer.
 *
 * @param offers the number of these offers
 * @param since the start of the sweep since which the oldest of them has been undecided
 */
public record UndecidedOffers(int offers, Instant since) {}
