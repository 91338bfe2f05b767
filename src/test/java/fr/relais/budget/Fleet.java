package fr.relais.budget;

import java.util.BitSet;
import java.util.Random;

/** Addresses that work together to take the base away; they know the ids of all offers and tell each other what they got. */
final class Fleet {

    private final int base;
    private final Random random;
    private final Strategy strategy;
    private final int[] popular;
    private final String[] addresses;
    private final int[] asked;
    private final BitSet got = new BitSet();

    private int next;

    /** When each address asks, and for which offer. */
    enum Strategy {
        /** The next offer that the fleet has not got; what is refused, it comes back to. */
        SEQUENTIAL(1),
        /** Any offer, whether the fleet has got it or not. */
        RANDOM(1),
        /** As the first, but as fast as the rate allows, from midnight on, for twenty minutes. */
        BURST(60),
        /** As the first, but no faster than a person would. */
        SLOW(0.2),
        /** As the first, but half of what each asks for is what most visitors open, so that it looks like one of them. */
        MIMICKING(1);

        private final double perMinute;

        Strategy(double perMinute) {
            this.perMinute = perMinute;
        }
    }

    /**
     * @param prefixes how many clients the addresses are
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

    /** Asks for what it wants by then. */
    void ask(Budget budget, int second) {
        double minutes = strategy == Strategy.BURST ? Math.min(second / 60.0, 20) : second / 60.0;
        for (int i = 0; i < addresses.length; i++) {
            while (asked[i] < minutes * strategy.perMinute) {
                asked[i]++;
                int offer = choose(asked[i]);
                if (budget.tryOpen(Client.at(addresses[i]), "offer" + offer) instanceof BudgetDecision.Granted) {
                    got.set(offer);
                }
            }
        }
    }

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
