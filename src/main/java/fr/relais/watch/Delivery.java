package fr.relais.watch;

import java.util.Locale;

/** An alert that a destination has not received yet. */
public record Delivery(Destination destination, Alert alert) {

    /** Where alerts are sent: the last word of the setting {@code relais.alert.*} that has the address. */
    public enum Destination {
        URI,
        MAIL,
        WEBHOOK;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Identifies the deliveries to a destination about one problem. */
    record Key(Destination destination, Alert.Kind kind, String subject) {}

    Key key() {
        return new Key(destination, alert.kind(), alert.subject());
    }
}
