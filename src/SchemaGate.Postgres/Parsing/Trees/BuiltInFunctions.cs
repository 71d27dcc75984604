using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>
/// The functions that PostgreSQL brings along and how volatile they are (pg_proc.provolatile of 15, of overloads the worst; the functions
/// behind types, operators and aggregates left out). Newer versions' few additions are at the end.
/// </summary>
internal static class BuiltInFunctions
{
    /// <summary>Volatile, also where an extension brings them in a schema of its own (uuid-ossp, pgcrypto).</summary>
    private static readonly HashSet<string> s_volatile = Words("""
        random random_normal nextval currval lastval setval gen_random_uuid uuidv4 uuidv7 clock_timestamp timeofday setseed set_config
        uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt pg_sleep pg_sleep_for pg_sleep_until current_query
        pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared pg_advisory_xact_lock
        pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
        pg_try_advisory_xact_lock_shared pg_notify pg_cancel_backend pg_terminate_backend pg_reload_conf query_to_xml ts_rewrite ts_stat
        txid_status pg_xact_status pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_database_size pg_current_wal_lsn
        pg_read_file pg_ls_dir lo_create lo_creat lo_import lo_unlink lo_from_bytea
        """);

    /// <summary>Immutable or stable.</summary>
    private static readonly HashSet<string> s_stable = Words("""
        abbrev abs aclcontains acldefault aclexplode aclinsert aclremove acos acosd acosh age area array_append array_dims array_fill
        array_length array_lower array_ndims array_position array_positions array_prepend array_remove array_replace array_to_json
        array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit_count bit_length bool
        bound_box box bpchar broadcast cardinality cash_words cbrt ceil ceiling center char char_length character_length chr cidr circle
        col_description concat concat_ws convert convert_from convert_to cos cosd cosh cot cotd current_database current_schema
        current_schemas current_setting current_user date date_bin date_part date_trunc datemultirange daterange decode degrees dexp
        diagonal diameter div dlog1 dlog10 dround dtrunc encode enum_first enum_last enum_range exp extract factorial family float4 float8
        floor format format_type gcd generate_series generate_subscripts get_bit get_byte get_current_ts_config getdatabaseencoding
        getpgusername height host hostmask in_range inet_client_addr inet_client_port inet_merge inet_same_family inet_server_addr
        inet_server_port initcap int2 int2int4_sum int4 int4inc int4multirange int4range int8 int8multirange int8range interval interval_avg
        is_normalized isclosed isempty isfinite ishorizontal isopen isparallel isperp isvertical json_array_elements
        json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text json_extract_path
        json_extract_path_text json_object json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record
        json_to_recordset json_to_tsvector json_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
        jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys
        jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array
        jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
        jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector
        jsonb_typeof justify_days justify_hours justify_interval lcm left length line ln log log10 lower lower_inc lower_inf lpad lseg ltrim
        macaddr macaddr8 macaddr8_set7bit make_date make_interval make_time make_timestamp make_timestamptz makeaclitem masklen md5
        min_scale mod money multirange mxid_age name nameconcatoid netmask network normalize notlike now npoints num_nonnulls num_nulls
        numeric nummultirange numnode numrange obj_description octet_length oid oidvectortypes overlaps overlay parse_ident path pclose
        pg_backend_pid pg_char_to_encoding pg_client_encoding pg_collation_for pg_column_compression pg_column_is_updatable pg_column_size
        pg_current_snapshot pg_current_xact_id pg_current_xact_id_if_assigned pg_describe_object pg_encoding_max_length pg_encoding_to_char
        pg_filenode_relation pg_get_constraintdef pg_get_expr pg_get_function_arg_default pg_get_function_arguments
        pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef
        pg_get_object_address pg_get_partition_constraintdef pg_get_partkeydef pg_get_ruledef pg_get_serial_sequence pg_get_statisticsobjdef
        pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_has_role
        pg_identify_object pg_identify_object_as_address pg_index_column_has_property pg_index_has_property pg_indexam_has_property
        pg_indexam_progress_phasename pg_is_other_temp_schema pg_my_temp_schema pg_partition_root pg_postmaster_start_time
        pg_relation_filenode pg_relation_filepath pg_relation_is_publishable pg_relation_is_updatable pg_replication_origin_oid
        pg_settings_get_flags pg_size_bytes pg_size_pretty pg_snapshot_xip pg_snapshot_xmax pg_snapshot_xmin pg_tablespace_databases
        pg_tablespace_location pg_trigger_depth pg_typeof pg_visible_in_snapshot pg_wal_lsn_diff pg_walfile_name pg_walfile_name_offset
        phraseto_tsquery pi plainto_tsquery point polygon popen position pow power querytree quote_ident quote_literal quote_nullable
        radians radius range_merge regclass regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
        regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right round row_security_active row_to_json rpad
        rtrim satisfies_hash_partition scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512
        shobj_description sign similar_escape similar_to_escape sin sind sinh slope split_part sqrt statement_timestamp string_to_array
        string_to_table strip strpos substr substring tan tand tanh text textlen time timestamp timestamptz timetz timezone to_ascii to_char
        to_date to_hex to_json to_jsonb to_number to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc
        to_regprocedure to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale
        trunc ts_debug ts_delete ts_filter ts_headline ts_lexize ts_parse ts_rank ts_rank_cd ts_token_type tsmultirange tsquery_phrase
        tsrange tstzmultirange tstzrange tsvector_to_array txid_current txid_current_if_assigned txid_current_snapshot txid_snapshot_xip
        txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unistr unnest upper upper_inc upper_inf varbit varchar version
        websearch_to_tsquery width width_bucket xid xml xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlcomment
        xmlexists xpath xpath_exists any_value array_sort array_reverse erf erfc gamma lgamma crc32 crc32c casefold to_bin to_oct date_add
        date_subtract jsonb_path_query_first_tz json_scalar json_serialize uuid_extract_timestamp uuid_extract_version unicode_assigned
        unicode_version icu_unicode_version xmltext uuid_generate_v3 uuid_generate_v5 uuid_nil uuid_ns_dns uuid_ns_url digest hmac crypt
        unaccent
        """);

    public static Volatility VolatilityOf(ObjectName function) => function switch
    {
        { Name: var name } when s_volatile.Contains(name) => Volatility.Volatile,
        { Schema: null, Name: var name } when s_stable.Contains(name) => Volatility.Stable,
        _ => Volatility.Unknown,
    };

    private static HashSet<string> Words(string text) =>
        text.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
