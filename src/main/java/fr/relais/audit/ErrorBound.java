package fr.relais.audit;

/** The bound that a random sample proves for the whole mirror (Clopper and Pearson). */
final class ErrorBound {

    private static final double CONFIDENCE = 0.95;

    private ErrorBound() {}

    /**
     * Returns the upper bound of the share of offers that differ, with 95 % confidence.
     *
     * @param compared the size of the sample, at least 1
     * @param different the number of offers in the sample that differ
     * @return from 0 to 1
     */
    static double of(int compared, int different) {
        if (different == compared) {
            return 1;
        }
        double low = 0;
        double high = 1;
        // A larger share makes a sample with so few differences less likely. Each step halves the interval.
        for (int step = 0; step < 50; step++) {
            double share = (low + high) / 2;
            if (probability(compared, different, share) > 1 - CONFIDENCE) {
                low = share;
            } else {
                high = share;
            }
        }
        return high;
    }

    /** Returns the probability of at most so many differences, if this share of all offers differs. */
    private static double probability(int compared, int different, double share) {
        // In logarithms, because the first terms of a large sample are smaller than the smallest double.
        double term = compared * Math.log1p(-share);
        double sum = Math.exp(term);
        for (int k = 1; k <= different; k++) {
            term += Math.log((double) (compared - k + 1) / k) + Math.log(share) - Math.log1p(-share);
            sum += Math.exp(term);
        }
        return sum;
    }
}
