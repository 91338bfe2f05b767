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
 * number is geometric, and the popularity of offers follows Zipf's law. Most visits begin between six and midnight.
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

    /** Where a visitor is. */
    enum Place {
        /** In a town: one visitor in ten sits in an office of ten people who share one address. */
        TOWN {
            @Override
            String address(int visitor) {
                return visitor % 10 == 0
                        ? "10.0.%d.1".formatted(visitor / 10 / OFFICE)
                        : "10.%d.%d.%d".formatted(1 + (visitor >> 8), visitor & 255, visitor % 250 + 1);
            }
        },
        /** On a mobile network that puts its customers behind ten prefixes of 256 addresses. */
        CARRIER {
            @Override
            String address(int visitor) {
                return "100.64.%d.%d".formatted(visitor % 10, visitor / 10 * 37 % 256);
            }
        },
        /** In one of the homes that share an IPv6 /48; each has a /56. */
        HOME {
            @Override
            String address(int visitor) {
                return "2001:db8:%x:%x::%x".formatted(visitor >> 8, (visitor & 255) << 8, visitor + 1);
            }
        },
        /** On a mobile network that gives each phone an IPv6 /64, and 256 phones share a /56. */
        PHONE {
            @Override
            String address(int visitor) {
                return "2001:db8:%x:%x::1".formatted(0x1000 + visitor % 10, visitor / 10);
            }
        };

        abstract String address(int visitor);
    }

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
    List<Visit> day(int visitors, Place place) {
        List<Visit> visits = new ArrayList<>();
        for (int visitor = 0; visitor < visitors; visitor++) {
            boolean inOffice = place == Place.TOWN && visitor % 10 == 0;
            String address = place.address(visitor);
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
