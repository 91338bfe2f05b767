package fr.relais.source;

import java.util.regex.Pattern;

/** The format of offer ids: 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}, except {@code .} and {@code ..}. */
public final class OfferId {

    private static final Pattern GRAMMAR = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,64}");

    private OfferId() {}

    /** Whether the text can be the id of an offer. */
    public static boolean isValid(String text) {
        return GRAMMAR.matcher(text).matches();
    }
}
