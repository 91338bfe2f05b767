package fr.relais.budget;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Ordinary visitors of one day: each opens a geometric number of different offers, four on average and 15 at most, by Zipf's law, one
 * or two a minute, at any time between six and midnight, some at night. Of ten visitors one sits in an office of ten behind one address.
 */
final class Crowd {

    private static final double MEAN = 4;
    private static final int MOST = 15;
    private static final int OFFICE = 10;

    private final Random random;
    private final double[] cumulated;
    /** Which offer has which rank. */
    private final int[] offers;

    /** @param second since midnight */
    record Visit(int second, String address, int offer) {}

    /** @param base how many offers there are; they are numbered from 0 */
    Crowd(int base, Random random) {
        this.random = random;
        cumulated = new double[base];
        double sum = 0;
        for (int rank = 0; rank < base; rank++) {
            sum += 1.0 / (rank + 1);
            cumulated[rank] = sum;
        }
        offers = random.ints(0, base).distinct().limit(base).toArray();
    }

    /** The offers that are opened most. */
    int[] popular(int number) {
        return Arrays.copyOf(offers, number);
    }

    /** In the order of time. */
    List<Visit> day(int visitors) {
        List<Visit> visits = new ArrayList<>();
        for (int visitor = 0; visitor < visitors; visitor++) {
            boolean inOffice = visitor % 10 == 0;
            int prefix = inOffice ? visitor / 10 / OFFICE : 1_000 + visitor;
            String address = "10.%d.%d.%d".formatted(prefix >> 8, prefix & 255, visitor % 250 + 1);
            int second = time(inOffice);
            int number = 1;
            while (number < MOST && random.nextDouble() > 1 / MEAN) {
                number++;
            }
            Set<Integer> opened = new HashSet<>();
            while (opened.size() < number) {
                int offer = offer();
                if (opened.add(offer)) {
                    visits.add(new Visit(Math.min(second, 86_399), address, offer));
                    second += 15 + random.nextInt(60);
                }
            }
        }
        visits.sort(Comparator.comparingInt(Visit::second));
        return visits;
    }

    private int time(boolean inOffice) {
        if (inOffice) {
            return 8 * 3_600 + random.nextInt(10 * 3_600);
        }
        return random.nextInt(20) == 0 ? random.nextInt(6 * 3_600) : 6 * 3_600 + random.nextInt(18 * 3_600);
    }

    private int offer() {
        double point = random.nextDouble() * cumulated[cumulated.length - 1];
        int low = 0;
        int high = cumulated.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulated[middle] < point) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return offers[low];
    }
}
