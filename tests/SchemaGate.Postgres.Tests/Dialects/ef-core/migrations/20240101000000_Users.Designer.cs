[Migration("20240101000000_Users")] partial class Users;
