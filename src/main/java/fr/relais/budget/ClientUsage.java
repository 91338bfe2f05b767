package fr.relais.budget;

import java.util.Arrays;

/** What one client has used of its budget in a day. Callers hold its lock. */
final class ClientUsage {

    /** A hash set with open addressing; 0 is free. There may be 250,000 of these, most with a handful of offers. */
    private long[] places = new long[4];

    private int offers;

    /** How many of its offers were familiar. */
    int familiar;

    /** How many unopened offers it asked for, granted or not. */
    int unopened;

    int offers() {
        return offers;
    }

    boolean has(long offer) {
        return places[place(places, offer)] != 0;
    }

    /** Returns false when the offer was there already. */
    boolean add(long offer) {
        int place = place(places, offer);
        if (places[place] != 0) {
            return false;
        }
        places[place] = nonZero(offer);
        offers++;
        if (offers * 4 > places.length * 3) {
            long[] larger = new long[places.length * 2];
            Arrays.stream(places).filter(known -> known != 0).forEach(known -> larger[place(larger, known)] = known);
            places = larger;
        }
        return true;
    }

    private static int place(long[] places, long offer) {
        long wanted = nonZero(offer);
        int place = (int) wanted & places.length - 1;
        while (places[place] != 0 && places[place] != wanted) {
            place = place + 1 & places.length - 1;
        }
        return place;
    }

    private static long nonZero(long offer) {
        return offer == 0 ? 1 : offer;
    }
}
