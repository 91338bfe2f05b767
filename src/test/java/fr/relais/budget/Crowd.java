package fr.relais.budget;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The ordinary visitors of a site. Each opens four different offers on average and at most 15, one or two a minute; the
 * number is geometric, and the popularity of offers follows Zipf's law. Most visits begin between six and midnight. One
 * visitor in ten sits in an office of ten people who share an address prefix.
 */
final class Crowd {

    private static final double MEAN = 4;
    private static final int MOST = 15;
    private static final int OFFICE = 10;

    private final Random random;
    /** The cumulative weights of the ranks. */
    private final double[] cumulated;

    /** The offers by rank, the most popular first. */
    private final int[] offers;

    /** @param second the number of seconds since midnight */
    record Visit(int second, String address, int offer) {}

    /** @param base the number of offers, which are numbered from 0 */
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

    /** Returns the most popular offers. */
    int[] popular(int number) {
        return Arrays.copyOf(offers, number);
    }

    /** Returns the visits of one day in chronological order. */
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
