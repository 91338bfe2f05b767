package fr.relais.duty;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A clause with its state at one moment.
 *
 * @param breaksAt when the state becomes {@link State#BROKEN} if nothing changes; empty when that moment is unknown or
 *     the state is another one than {@link State#AT_RISK}
 */
public record Duty(Clause clause, State state, Optional<Instant> breaksAt) {

    /**
     * The states. {@link #AT_RISK}: the duty is kept, but a person must act. {@link #NOT_CONFIGURED}: a setting is
     * missing. {@link #NOT_APPLICABLE}: the profile says why.
     */
    public enum State {
        MET,
        AT_RISK,
        BROKEN,
        NOT_CONFIGURED,
        NOT_APPLICABLE;

        /** Returns the name in outputs, such as {@code at-risk}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
