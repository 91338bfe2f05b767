package fr.relais.web.console.plot;

import java.text.NumberFormat;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * An axis of values that contains zero and has a few round ticks.
 *
 * @param low the lowest tick
 * @param step the distance between ticks: 1, 2 or 5 times a power of ten
 * @param steps the number of distances between the lowest and the highest tick
 */
record ValueAxis(double low, double step, int steps) {

    private static final int USUAL_STEPS = 4;

    /** Values beyond are drawn at the end of the axis. */
    private static final double LIMIT = 1e15;

    /** @param isWhole whether the values are counts, which have no ticks between whole numbers */
    static ValueAxis of(double min, double max, boolean isWhole) {
        double low = Math.min(0, limited(min));
        double high = Math.max(0, limited(max));
        double step = high > low ? roundUp((high - low) / USUAL_STEPS) : 1;
        if (isWhole) {
            step = Math.max(1, step);
        }
        double first = Math.floor(low / step);
        double last = Math.max(Math.ceil(high / step), first + 1);
        return new ValueAxis(first * step, step, (int) (last - first));
    }

    private static double limited(double value) {
        return Math.max(-LIMIT, Math.min(LIMIT, value));
    }

    private static double roundUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-6))));
        double factor = value / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }

    double[] ticks() {
        return DoubleStream.iterate(0, i -> i <= steps, i -> i + 1)
                .map(i -> low + i * step)
                .toArray();
    }

    /** Returns the position of a value, as a percentage from the top. */
    double position(double value) {
        double share = (limited(value) - low) / (steps * step);
        return 100 * (1 - Math.max(0, Math.min(1, share)));
    }

    /** Returns the format of the ticks, such as {@code 20K}. */
    NumberFormat format(Locale locale) {
        if (step < 1) {
            // A compact format rounds numbers below 1,000 to whole ones.
            NumberFormat format = NumberFormat.getInstance(locale);
            format.setMaximumFractionDigits((int) Math.ceil(-Math.log10(step)));
            return format;
        }
        NumberFormat format = NumberFormat.getCompactNumberInstance(locale, NumberFormat.Style.SHORT);
        format.setMaximumFractionDigits(1);
        return format;
    }
}
