package fr.relais.budget;

import java.util.BitSet;
import java.util.Random;

/** Addresses that copy the base together. They know the ids of all offers and share what they got. */
final class Fleet {

    private final int base;
    private final Random random;
    private final Strategy strategy;
    private final int[] popular;
    private final String[] addresses;
    private final int[] asked;
    private final BitSet shutOut = new BitSet();
    private final BitSet got = new BitSet();

    private int next;

    /** The offers that an address requests, and how fast. */
    enum Strategy {
        /** Requests the offers that the fleet does not have yet, in order; refused offers are requested again later. */
        SEQUENTIAL(1),
        /** Requests random offers, whether the fleet has them or not. */
        RANDOM(1),
        /** Like {@link #SEQUENTIAL}, but as fast as the rate allows, for twenty minutes from midnight. */
        BURST(60),
        /** Like {@link #SEQUENTIAL}, but no faster than a person. */
        SLOW(0.2),
        /** Like {@link #SEQUENTIAL}, but every other request is for a popular offer, as of an ordinary visitor. */
        MIMICKING(1);

        private final double perMinute;

        Strategy(double perMinute) {
            this.perMinute = perMinute;
        }
    }

    /**
     * @param prefixes the number of /24 prefixes that the addresses are in
     * @param popular the offers that most visitors open
     */
    Fleet(int base, int addresses, int prefixes, Strategy strategy, int[] popular, Random random) {
        this.popular = popular;
        this.base = base;
        this.random = random;
        this.strategy = strategy;
        this.addresses = new String[addresses];
        this.asked = new int[addresses];
        for (int i = 0; i < addresses; i++) {
            int prefix = i % prefixes;
            this.addresses[i] = "11.%d.%d.%d".formatted(prefix >> 8, prefix & 255, i / prefixes + 1);
        }
    }

    /** Makes all requests that are due by this second of the day. */
    void ask(Budget budget, int second) {
        double minutes = strategy == Strategy.BURST ? Math.min(second / 60.0, 20) : second / 60.0;
        for (int i = 0; i < addresses.length; i++) {
            while (asked[i] < minutes * strategy.perMinute) {
                asked[i]++;
                if (shutOut.get(i)) {
                    continue;
                }
                int offer = choose(asked[i]);
                BudgetDecision decision = budget.tryOpen(Client.at(addresses[i]), "offer" + offer);
                if (decision instanceof BudgetDecision.Refused refused) {
                    // The budget refuses all that is new until midnight. Skipping the requests makes the tests faster.
                    shutOut.set(i, refused.reason() == BudgetDecision.Reason.OFFERS);
                } else {
                    got.set(offer);
                }
            }
        }
    }

    /** Returns the share of the base that the fleet has, from 0 to 1. */
    double share() {
        return (double) got.cardinality() / base;
    }

    private int choose(int number) {
        if (strategy == Strategy.MIMICKING && number % 2 == 1) {
            return popular[number / 2 % popular.length];
        }
        if (strategy == Strategy.RANDOM) {
            return random.nextInt(base);
        }
        next = got.nextClearBit(next);
        if (next >= base) {
            next = got.nextClearBit(0);
        }
        return next >= base ? 0 : next++;
    }
}
