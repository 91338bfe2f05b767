package fr.relais.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The link from an offer to its page on the operator's site, with the tag by which the operator counts the visitors who
 * follow it (licence, article 5.4).
 */
public final class OperatorLink {

    private static final Pattern WEB =
            Pattern.compile("https?://[^/?#\\\\\\s@]+([/?#].*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final String tag;
    private final Set<String> tagNames;

    /** @param tag query parameters such as {@code at_campaign=example&at_offer={id}}, or empty */
    public OperatorLink(String tag) {
        this.tag = tag;
        this.tagNames = tag.isEmpty()
                ? Set.of()
                : Arrays.stream(tag.split("&")).map(OperatorLink::name).collect(Collectors.toSet());
    }

    /** Returns the tagged link of an offer; empty when the offer has no address that can be linked to. */
    public Optional<String> of(Json offer, String id) {
        return offer.text("origineOffre", "urlOrigine").flatMap(address -> of(address, id));
    }

    /**
     * Returns the address with exactly one tag, in which {@code {id}} is replaced by the offer's id. White space around
     * the address is removed, illegal characters are encoded and empty parameters are left out; nothing else changes.
     *
     * @param urlOrigine the address as received
     * @return empty when it is not an http or https address
     */
    public Optional<String> of(String urlOrigine, String id) {
        return web(urlOrigine).map(address -> tag.isEmpty() ? address : tagged(address, id));
    }

    /**
     * Returns an http or https address with its illegal characters encoded. Returns empty when the text is not such an
     * address or is not safe to link to, because it has control characters or user information.
     */
    public static Optional<String> web(String text) {
        String stripped = text.strip();
        boolean isWeb = WEB.matcher(stripped).matches() && stripped.chars().noneMatch(Character::isISOControl);
        return isWeb ? Optional.of(encodeIllegal(stripped)) : Optional.empty();
    }

    private String tagged(String address, String id) {
        int hash = address.indexOf('#');
        String fragment = hash < 0 ? "" : address.substring(hash);
        String rest = hash < 0 ? address : address.substring(0, hash);
        int mark = rest.indexOf('?');
        String path = mark < 0 ? rest : rest.substring(0, mark);
        String query = mark < 0 ? "" : rest.substring(mark + 1);
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        return Stream.concat(
                        Arrays.stream(query.split("&"))
                                .filter(parameter -> !parameter.isEmpty() && !tagNames.contains(name(parameter))),
                        Stream.of(tag.replace("{id}", encoded)))
                .collect(Collectors.joining("&", path + "?", fragment));
    }

    private static String name(String parameter) {
        return parameter.replaceFirst("=.*", "");
    }

    private static String encodeIllegal(String address) {
        StringBuilder legal = new StringBuilder();
        address.codePoints().forEach(point -> {
            if (point > ' ' && point < 127 && "\"<>\\^`{|}".indexOf(point) < 0) {
                legal.appendCodePoint(point);
            } else {
                for (byte octet : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    legal.append('%').append(String.format("%02X", octet));
                }
            }
        });
        return legal.toString();
    }
}
