package fr.relais.budget;

import java.util.Arrays;

/** What one client has spent in a day. Its caller holds its lock. */
final class Spent {

    /** Open addressing; 0 is a free place. There may be hundreds of thousands of these, most with a handful of offers. */
    private long[] places = new long[4];

    private int offers;

    /** How many of its offers others had opened. */
    int familiar;

    /** How many it asked for that others had not opened, granted or not. */
    int unopened;

    int offers() {
        return offers;
    }

    boolean has(long offer) {
        return places[place(places, offer)] != 0;
    }

    /** False when it was there. */
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
