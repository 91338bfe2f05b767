package fr.relais.settings;

import java.net.URI;
import java.util.Optional;

/**
 * The part of an endpoint's address that may be shown: the scheme, and the host of a network address. The rest may
 * contain secrets: options, a user, or the path of a webhook. An address within this process is shown without its
 * options.
 */
public final class EndpointAddress {

    private static final String HIDDEN = "…";

    private EndpointAddress() {}

    /** Returns what may be shown of an address. */
    public static String withoutSecrets(String uri) {
        // The default of a placeholder may be a secret.
        String address = uri.strip().replaceAll("\\{\\{([^{}:]*):[^{}]*}}", "{{$1}}");
        String place = address.replaceFirst("(?s)\\?.*", "");
        if (place.isEmpty() || isName(place)) {
            return place;
        }
        String scheme = place.replaceFirst("(?s):.*", "");
        if (!scheme.matches("[A-Za-z0-9.+-]{1,30}")) {
            return HIDDEN;
        } else if (scheme.matches("direct|seda|timer|quartz|bean|class|log|sql")) {
            return place;
        } else if (scheme.matches("https?|ftps?|sftp|smtps?|imaps?|pop3s?")) {
            return scheme + "://" + host(place).orElse(HIDDEN);
        }
        String rest = place.substring(scheme.length()).replaceFirst("^:", "");
        return isName(rest) ? scheme + ":" + rest : scheme;
    }

    /** Whether a text is only a placeholder or a variable, whose name is no secret. */
    public static boolean isName(String text) {
        return text.matches("\\{\\{[A-Za-z0-9_.-]+}}|\\$\\{[A-Za-z0-9_.-]+}");
    }

    private static Optional<String> host(String address) {
        try {
            return Optional.ofNullable(URI.create(address).getHost());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
