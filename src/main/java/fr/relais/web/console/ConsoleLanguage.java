package fr.relais.web.console;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.util.WebUtils;

/**
 * The language of a page. Public pages have that of {@code spring.web.locale}. The console has the language that the
 * operator has chosen, or else the first one that the browser prefers, or else English.
 */
@Component("localeResolver")
class ConsoleLanguage implements LocaleResolver {

    private static final String NAME = "lang";

    /** Dates in English are written day first, as in the rest of Europe. */
    private static final List<Locale> LOCALES = List.of(Locale.UK, Locale.FRANCE);

    private final Locale publicLocale;

    ConsoleLanguage(@Value("${spring.web.locale}") Locale publicLocale) {
        this.publicLocale = publicLocale;
    }

    @Override
    public Locale resolveLocale(HttpServletRequest request) {
        if (!request.getRequestURI().startsWith("/console")) {
            return publicLocale;
        }
        Cookie cookie = WebUtils.getCookie(request, NAME);
        return chosen(request)
                .or(() -> Optional.ofNullable(cookie).flatMap(choice -> of(choice.getValue())))
                .or(() -> preferred(request))
                .orElse(LOCALES.get(0));
    }

    /** Keeps the choice that the request makes in a cookie for a year. */
    static void remember(HttpServletRequest request, HttpServletResponse response) {
        chosen(request).ifPresent(locale -> {
            ResponseCookie cookie = ResponseCookie.from(NAME, locale.getLanguage())
                    .path("/console")
                    .maxAge(Duration.ofDays(365))
                    .httpOnly(true)
                    .secure(request.isSecure())
                    .sameSite("Lax")
                    .build();
            response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
        });
    }

    private static Optional<Locale> chosen(HttpServletRequest request) {
        return of(request.getParameter(NAME));
    }

    private static Optional<Locale> preferred(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.ACCEPT_LANGUAGE) == null
                ? Optional.empty()
                : Collections.list(request.getLocales()).stream()
                        .flatMap(locale -> of(locale.getLanguage()).stream())
                        .findFirst();
    }

    private static Optional<Locale> of(String language) {
        return LOCALES.stream()
                .filter(locale -> locale.getLanguage().equals(language))
                .findFirst();
    }

    @Override
    public void setLocale(HttpServletRequest request, HttpServletResponse response, Locale locale) {
        throw new UnsupportedOperationException("the language is chosen with the parameter " + NAME);
    }
}
