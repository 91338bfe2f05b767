package fr.relais.web.access;

import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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

/** Who may open what: everybody, sites with a key, operators. Any other address is answered as one that does not exist. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@ConditionalOnWebApplication
public class Access {

    /** No scripts, nothing from other hosts, nothing inline. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final String[] FOR_ALL = {
        "/",
        "/offres",
        "/offres/*",
        "/offres/*/fragment",
        "/modifications",
        "/modifications.csv",
        "/modifications.json",
        "/modifications.atom",
        "/api/openapi.yaml",
        "/logo",
        "/relais.css",
        "/favicon.svg",
        "/robots.txt",
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/health/readiness"
    };

    private static final String[] FOR_SITES = {"/api/offres/*"};

    private static final String[] FOR_OPERATORS = {"/console", "/actuator/health/*"};

    /** The role of the holder of an API key, given as a bearer token. */
    public static final String SITE = "SITE";

    /** The role of a person who gives an API key as a password, or who sits at the machine. */
    static final String OPERATOR = "OPERATOR";

    @Bean
    SecurityFilterChain relaisSecurity(
            HttpSecurity http, ApiKeys keys, @Value("${server.forward-headers-strategy}") String proxies) {
        boolean behindProxy = !proxies.equalsIgnoreCase("none");
        KeyFilter keyFilter = new KeyFilter(
                new ProviderManager(new ApiKeyProvider(keys), LocalOperatorConverter.provider()),
                new DelegatingAuthenticationConverter(
                        new BearerConverter(),
                        new BasicAuthenticationConverter(),
                        new LocalOperatorConverter(behindProxy)));
        Refusals refusals = new Refusals();
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.cacheControl(cache -> cache.disable())
                        // Other hosts of the domain are not ours to decide about.
                        .httpStrictTransportSecurity(strict -> strict.includeSubDomains(false))
                        .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN)))
                // Here, and not earlier, its failures reach the entry point.
                .addFilterBefore(keyFilter, AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, FOR_ALL)
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, FOR_ALL)
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

    /** Sends a page in one write instead of several of 8 kB. */
    @Bean
    TomcatConnectorCustomizer writeWholePages() {
        return connector -> connector.setProperty("socket.appWriteBufSize", "32768");
    }

    /** There are keys and no users; without this bean Spring Boot would create a user. */
    @Bean
    UserDetailsService noUsers() {
        return name -> {
            throw new UsernameNotFoundException("there are no users");
        };
    }

    /** Turns off timing of each filter, which takes longer than the filters. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }
}
