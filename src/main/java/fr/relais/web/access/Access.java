package fr.relais.web.access;

import fr.relais.settings.Settings;
import jakarta.servlet.DispatcherType;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.DelegatingAuthenticationConverter;
import org.springframework.security.web.authentication.www.BasicAuthenticationConverter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;

/**
 * The access rules: what everybody, sites with a key, and operators may open. Any other address is answered with 404,
 * as if it did not exist. {@link ConsoleAccess} has the rules of the console.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@ConditionalOnWebApplication
public class Access {

    /** Allows no scripts, nothing from other hosts and nothing inline. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** Public addresses where a key gives a budget of its own, or shows details. */
    private static final String[] FOR_ALL = {"/offres/*", "/offres/*/fragment", "/actuator/health"};

    /** Public addresses where a key changes nothing. */
    private static final String[] WITHOUT_KEY = {
        "/",
        "/offres",
        "/modifications",
        "/modifications.csv",
        "/modifications.json",
        "/modifications.atom",
        "/api/openapi.yaml",
        "/logo",
        "/relais.css",
        "/console.css",
        "/plots.css",
        "/console.js",
        "/favicon.svg",
        "/robots.txt",
        "/actuator/health/liveness",
        "/actuator/health/readiness"
    };

    private static final String METRICS = "/actuator/prometheus";

    private static final String[] FOR_SITES = {"/api/offres/*"};

    private static final String[] FOR_OPERATORS = {"/actuator/health/*", METRICS};

    /** The role of a request with a site's key. */
    public static final String SITE = "SITE";

    /** The role of a request with an operator's key, or, if a setting allows it, from the machine itself. */
    static final String OPERATOR = "OPERATOR";

    /** The role of a request with the session of an auditor, who sees the console and changes nothing. */
    static final String AUDITOR = "AUDITOR";

    @Bean
    SecurityFilterChain relaisSecurity(
            HttpSecurity http, ApiKeys keys, LocalOperatorConverter local, Environment environment) {
        KeyFilter keyFilter = new KeyFilter(
                new ProviderManager(new ApiKeyProvider(keys), LocalOperatorConverter.provider()),
                new DelegatingAuthenticationConverter(new BearerConverter(), new BasicAuthenticationConverter(), local),
                new OrRequestMatcher(Stream.of(WITHOUT_KEY)
                        .map(path -> PathPatternRequestMatcher.pathPattern(path))
                        .toList()));
        // On a port of their own, the metrics need no key. The operator decides who reaches that port.
        boolean opensMetrics = ManagementPortType.get(environment) != ManagementPortType.SAME;
        Refusals refusals = new Refusals();
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.cacheControl(cache -> cache.disable())
                        // The header must not bind other hosts of the domain.
                        .httpStrictTransportSecurity(strict -> strict.includeSubDomains(false))
                        .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN)))
                // At this place in the chain, failures of the filter reach the entry point.
                .addFilterBefore(keyFilter, AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, FOR_ALL)
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, FOR_ALL)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, WITHOUT_KEY)
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, WITHOUT_KEY)
                        .permitAll()
                        .requestMatchers(request ->
                                opensMetrics && request.getServletPath().equals(METRICS))
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, FOR_SITES)
                        .hasRole(SITE)
                        .requestMatchers(HttpMethod.POST, "/api/views")
                        .hasRole(SITE)
                        .requestMatchers(HttpMethod.GET, FOR_OPERATORS)
                        .hasRole(OPERATOR)
                        .anyRequest()
                        .denyAll())
                .exceptionHandling(
                        failures -> failures.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .build();
    }

    @Bean
    LocalOperatorConverter localOperator(
            Settings settings, @Value("${server.forward-headers-strategy}") String proxies) {
        // Behind a proxy, the address of a request comes from headers, which a visitor may have written.
        return new LocalOperatorConverter(settings.opensConsoleLocally() && proxies.equalsIgnoreCase("none"));
    }

    /** Makes Tomcat send a page in one write instead of several writes of 8 kB. */
    @Bean
    TomcatConnectorCustomizer writeWholePages() {
        return connector -> connector.setProperty("socket.appWriteBufSize", "32768");
    }

    /** Keeps Spring Boot from creating a user. There are only keys. */
    @Bean
    UserDetailsService noUsers() {
        return name -> {
            throw new UsernameNotFoundException("there are no users");
        };
    }

    /** Turns off the timing of each filter, which takes longer than the filters themselves. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }
}
