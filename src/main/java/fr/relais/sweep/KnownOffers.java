package fr.relais.sweep;

import fr.relais.source.SourceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Checks whether the source can be trusted when it is asked for single offers. It is asked for offers that a sweep has
 * seen, one after the other, until it has shown five in succession. An offer that the source denies may have been
 * removed since the sweep saw it, so one denial does not end the sweep.
 */
public final class KnownOffers {

    private static final int MIN_SHOWN = 5;
    private static final int MAX_ASKED = 15;

    /** The progress of one check. Not thread-safe. */
    public static final class Check {

        private final Deque<String> ids = new ArrayDeque<>();
        private int shown;
        private int asked;

        /** Whether the source must be asked for another offer. */
        public boolean isOpen() {
            return shown < MIN_SHOWN;
        }

        /** Returns the id of the next offer to ask for. */
        public String id() {
            return ids.getFirst();
        }

        private void require() {
            if (ids.isEmpty() || asked == MAX_ASKED && isOpen()) {
                throw new SourceException.Unavailable(
                        "the source does not show offers that it has shown before, so its answers about other offers"
                                + " cannot be trusted");
            }
        }
    }

    /**
     * Starts a check.
     *
     * @param rows offers that the sweep has seen, as rows with the column {@code id}
     * @throws SourceException.Unavailable when there are none
     */
    public Check check(List<Map<String, Object>> rows) {
        Check check = new Check();
        rows.forEach(row -> check.ids.add((String) row.get("id")));
        check.require();
        return check;
    }

    /**
     * Records whether the source has shown the offer {@link Check#id}. When fewer than five offers are known, they are
     * asked for several times.
     *
     * @throws SourceException.Unavailable when the source has denied too many of the offers
     */
    public void record(Check check, boolean isShown) {
        check.asked++;
        String id = check.ids.removeFirst();
        if (isShown) {
            check.shown++;
            check.ids.addLast(id);
        } else {
            check.shown = 0;
        }
        check.require();
    }
}
