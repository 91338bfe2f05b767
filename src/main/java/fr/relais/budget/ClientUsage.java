package fr.relais.budget;

import java.util.Arrays;

/** The part of its budget that one client has used on one day. Callers must hold the lock of this object. */
final class ClientUsage {

    /**
     * A hash set with open addressing; 0 marks a free slot. It is small, because there may be 250,000 of these sets,
     * most with a handful of offers.
     */
    private long[] slots = new long[4];

    private int offers;

    /** The number of the client's offers that were familiar. */
    int familiar;

    /** The number of unopened offers that the client asked for, granted or not. */
    int unopened;

    int offers() {
        return offers;
    }

    boolean has(long offer) {
        return slots[slot(slots, offer)] != 0;
    }

    /** Adds an offer. Returns false when the offer was added before. */
    boolean add(long offer) {
        int slot = slot(slots, offer);
        if (slots[slot] != 0) {
            return false;
        }
        slots[slot] = nonZero(offer);
        offers++;
        if (offers * 4 > slots.length * 3) {
            long[] larger = new long[slots.length * 2];
            Arrays.stream(slots).filter(known -> known != 0).forEach(known -> larger[slot(larger, known)] = known);
            slots = larger;
        }
        return true;
    }

    /** Returns the index of the offer, or of the free slot where it belongs. */
    private static int slot(long[] slots, long offer) {
        long wanted = nonZero(offer);
        int slot = (int) wanted & slots.length - 1;
        while (slots[slot] != 0 && slots[slot] != wanted) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private static long nonZero(long offer) {
        return offer == 0 ? 1 : offer;
    }
}
